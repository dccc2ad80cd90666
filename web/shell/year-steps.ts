import { yearSpan } from "../parameters.ts";

/**
 * The selection one year earlier or later; a range of years moves as a whole. Without a selection, the latest or the
 * first year.
 * @param years years with posts, ascending
 * @returns undefined if there is none
 */
export function nextYears(selected: string, step: 1 | -1, years: number[]): string | undefined {
  const [oldest, latest] = [years[0], years.at(-1)];
  if (oldest === undefined || latest === undefined) return undefined;
  if (selected === "") return String(step < 0 ? latest : oldest);
  const { first, last } = yearSpan(selected);
  if (first !== last) {
    const [from, to] = [first + step, last + step];
    return from < oldest || to > latest ? undefined : `${from}-${to}`;
  }
  const next = step > 0 ? years.find((year) => year > first) : years.findLast((year) => year < first);
  return next === undefined ? undefined : String(next);
}
