/** One year by day, for the calendars of the overview and of /days. */
import { answer, api } from "./api.ts";
import { valuesByDay } from "./charts/dates.ts";
import type { FilterValues } from "./filters.ts";
import type { timeStatistics } from "./statistics.ts";

/**
 * Fetches a statistic for every day of a year: the selected year, or `fallback`, or the latest year with data
 * of the selected ones.
 * @returns year 0 and no values if there is no data
 */
export async function fetchCalendarData(
  selection: FilterValues,
  statistic: (typeof timeStatistics)[number],
  fallback?: string,
): Promise<{ year: number; values: Map<string, number> }> {
  const others = { ...(selection.bid ? { bid: selection.bid } : {}), ...(selection.uid ? { uid: selection.uid } : {}) };
  const isPlain = !selection.uid && !selection.year;
  const years = async () =>
    isPlain
      ? await answer(api.years.$get({ query: others }))
      : await answer(api["year-over-year-stats"].$get({ query: { ...selection } }));
  const latest = async () => (await years()).rows.at(-1)?.year ?? 0;
  const chosen = selection.year?.includes("-") ? undefined : (selection.year ?? fallback);
  const year = Number(chosen ?? (await latest()));
  if (year === 0) return { year, values: new Map() };
  const { series } = await answer(api["daily-stats"].$get({ query: { year: String(year), statistic, ...others } }));
  return { year, values: valuesByDay(year, series) };
}
