import { createRoute, z } from "@hono/zod-openapi";
import { findDailyStats, statistics } from "../queries/daily-stats.ts";
import { describeResponses } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, choice, integer, onlyUser } from "./params.ts";
import { csvParameters, orCsv, sendCsv } from "./table.ts";

const week = z.object({
  name: z.number().int().openapi({ description: "week of the year; week 0 is before the first Monday" }),
  series: z.array(z.object({ name: z.string(), value: z.number() })),
});
type Week = z.infer<typeof week>;

const route = createRoute({
  method: "get",
  path: "/api/daily-stats",
  summary: "One statistic per day of a year, grouped by week",
  "x-examples": ["year=2017&statistic=post_count", "year=2017&statistic=avg_post_length&uid=3"],
  request: {
    query: z.object({
      year: integer(1, 9999, "year in the statistics' time zone"),
      bid,
      uid: onlyUser,
      statistic: choice(statistics, "the statistic"),
      ...csvParameters,
    }),
  },
  responses: orCsv(
    describeResponses(
      z.object({ series: z.array(week) }),
      "weeks with posts, each with its days in descending order; the first and last week are trimmed to the first and last day with posts",
    ),
    ["day", "the statistic"],
  ),
});

/** potstats2's clients expect German names. */
const weekdays = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const day_ms = 86_400_000;

/** Monday 0 … Sunday 6. */
const weekdayOf = (day: string) => (new Date(day).getUTCDay() + 6) % 7;

/** strftime's %W: weeks start on Monday; days before the first Monday are in week 0. */
function weekOf(day: string) {
  const dayOfYear = (Date.parse(day) - Date.parse(`${day.slice(0, 4)}-01-01`)) / day_ms;
  return Math.floor((dayOfYear + 7 - weekdayOf(day)) / 7);
}

/**
 * Groups a year's days, ascending, into the weeks of potstats2's heat map: missing days of a week get 0, Sunday comes
 * first, and the first and last week are trimmed to the first and last day.
 */
export function weeks(days: { day: string; value: number }[]): Week[] {
  const [firstDay, lastDay] = [days[0]?.day, days.at(-1)?.day];
  if (firstDay === undefined || lastDay === undefined) return [];
  return [...Map.groupBy(days, ({ day }) => weekOf(day))].map(([name, daysOfWeek]) => {
    const values = new Map(daysOfWeek.map(({ day, value }) => [weekdayOf(day), value]));
    const series = weekdays.map((weekday, at) => ({ name: weekday, value: values.get(at) ?? 0 }));
    const start = name === weekOf(firstDay) ? weekdayOf(firstDay) : 0;
    const end = name === weekOf(lastDay) ? weekdayOf(lastDay) + 1 : 7;
    return { name, series: series.slice(start, end).toReversed() };
  });
}

export const dailyStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const days = await findDailyStats(sql, selection);
    if (!csv) return c.json({ series: weeks(days) }, 200);
    const { year, statistic } = selection;
    const rows = days.map(({ day, value }) => ({ day, [statistic]: value }));
    return sendCsv<string>(c, `days-${year}`, ["day", statistic], rows);
  });
