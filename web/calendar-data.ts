/** One year by day, for the calendars of the overview and of /days. */
import { answer, api } from "./api.ts";
import { valuesByDay } from "./charts/dates.ts";
import type { Filter } from "./pages.ts";
import type { timeStatistics } from "./statistics.ts";

/**
 * Fetches a statistic for every day of a year: the selected year, or `fallback`, or the latest year with data.
 * @returns year 0 and no values if there is no data
 */
export async function fetchCalendarData(
  selection: { [name in Filter]?: string },
  statistic: (typeof timeStatistics)[number],
  fallback?: string,
): Promise<{ year: number; values: Map<string, number> }> {
  const board = selection.bid ? { bid: selection.bid } : {};
  const latest = async () => (await answer(api.years.$get({ query: board }))).rows.at(-1)?.year ?? 0;
  const year = Number(selection.year ?? fallback ?? (await latest()));
  if (year === 0) return { year, values: new Map() };
  const { series } = await answer(api["daily-stats"].$get({ query: { year: String(year), statistic, ...board } }));
  return { year, values: valuesByDay(year, series) };
}
