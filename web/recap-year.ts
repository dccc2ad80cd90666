import { yearSpan } from "./parameters.ts";

/**
 * The year whose recap a page links to.
 * @param selected the selected year, or range of years, or "" for all
 * @param years the years with posts, in order
 * @param thisYear the year that is not over
 * @returns the selected year; of several, the last one with posts that is over, or the last one if none is
 */
export function recapYear(selected: string, years: readonly number[], thisYear: number): number | undefined {
  if (selected !== "" && !selected.includes("-")) return Number(selected);
  const { first, last } = selected === "" ? { first: -Infinity, last: Infinity } : yearSpan(selected);
  const within = years.filter((year) => year >= first && year <= last);
  return within.findLast((year) => year < thisYear) ?? within.at(-1);
}
