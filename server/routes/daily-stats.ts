import { createRoute, z } from "@hono/zod-openapi";
import { answers, orCsv } from "./answers.ts";
import { bid, choice, integer } from "./params.ts";
import { dailyStats, statistics } from "../queries/daily-stats.ts";
import { csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const week = z.object({
  name: z.number().int().openapi({ description: "week of the year; 0 lies before the first Monday" }),
  series: z.array(z.object({ name: z.string(), value: z.number() })),
});

const route = createRoute({
  method: "get",
  path: "/api/daily-stats",
  summary: "One number per day of a year, by weeks",
  request: {
    query: z.object({
      year: integer(1, 9999, "year in the statistics' time zone"),
      bid,
      statistic: choice(statistics, "what is counted"),
      ...csvParameters,
    }),
  },
  responses: orCsv(
    answers(
      z.object({ series: z.array(week) }),
      "weeks with posts; days in reverse order, the first and the last week trimmed to the days that exist",
    ),
    ["day", "the statistic"],
  ),
});

const weekdays = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const day_ms = 86_400_000;

/** Monday 0 … Sunday 6. */
const weekdayOf = (time_ms: number) => (new Date(time_ms).getUTCDay() + 6) % 7;

/** strftime's %W: Monday begins a week, days before the first Monday are in week 0. */
const weekOf = (time_ms: number, newYear_ms: number) =>
  Math.floor((Math.round((time_ms - newYear_ms) / day_ms) + 7 - weekdayOf(time_ms)) / 7);

/** Days with a value → calendar weeks as potstats2's heat map took them. */
export function weeks(days: { day: string; value: number }[]) {
  const series: { name: number; series: { name: string; value: number }[] }[] = [];
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return series;
  const newYear_ms = Date.parse(`${first.day.slice(0, 4)}-01-01`);
  for (const { day, value } of days) {
    const time_ms = Date.parse(day);
    const name = weekOf(time_ms, newYear_ms);
    if (series.at(-1)?.name !== name)
      series.push({ name, series: weekdays.map((weekday) => ({ name: weekday, value: 0 })) });
    const cell = series.at(-1)?.series[weekdayOf(time_ms)];
    if (cell) cell.value = value;
  }
  // The last week first: both may be one.
  const lastWeek = series.at(-1);
  if (lastWeek) lastWeek.series = lastWeek.series.slice(0, weekdayOf(Date.parse(last.day)) + 1);
  const firstWeek = series[0];
  if (firstWeek) firstWeek.series = firstWeek.series.slice(weekdayOf(Date.parse(first.day)));
  for (const { series: daysOfWeek } of series) daysOfWeek.reverse();
  return series;
}

export const dailyStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { year, bid: board, statistic, csv } = c.req.valid("query");
    const days = await dailyStats(sql, year, board, statistic);
    if (!csv) return c.json({ series: weeks(days) }, 200);
    const table = days.map(({ day, value }) => [day, value]);
    return sendCsv(c, `days-${year}`, ["day", statistic], table);
  });
