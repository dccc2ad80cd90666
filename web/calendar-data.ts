/** A year day by day, for the calendars of the overview and of /days. */
import { answer, api } from "./api.ts";
import { valuesByDay } from "./charts/dates.ts";
import type { Filter } from "./pages.ts";
import type { timeStatistics } from "./statistics.ts";

/**
 * One statistic of every day of a year: the selected one, else the one given, else the latest with data.
 * @returns year 0 and no values without data
 */
export async function yearByDay(
  selection: { [name in Filter]?: string },
  statistic: (typeof timeStatistics)[number],
  otherwise?: string,
): Promise<{ year: number; values: Map<string, number> }> {
  const board = selection.bid ? { bid: selection.bid } : {};
  const latest = async () => (await answer(api.years.$get({ query: board }))).rows.at(-1)?.year ?? 0;
  const year = Number(selection.year ?? otherwise ?? (await latest()));
  if (year === 0) return { year, values: new Map() };
  const { series } = await answer(api["daily-stats"].$get({ query: { year: String(year), statistic, ...board } }));
  return { year, values: valuesByDay(year, series) };
}
