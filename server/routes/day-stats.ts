import { createRoute, z } from "@hono/zod-openapi";
import { findDayStats, findBusiestThreads } from "../queries/day-stats.ts";
import { describeResponses, count, counts, noPosts, thread } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, day } from "./params.ts";
import { csvParameters, orCsv, sendCsv } from "./table.ts";

const columns = ["tid", "title", "subtitle", "post_count"] as const;

const route = createRoute({
  method: "get",
  path: "/api/day-stats",
  summary: "Statistics and busiest threads of one day",
  "x-examples": ["day=2017-05-01"],
  request: { query: z.object({ day, bid, ...csvParameters }) },
  responses: orCsv(
    describeResponses(
      z.object({ day: z.string(), ...counts, threads: z.array(z.object({ thread, post_count: count })) }),
      "the statistics (zeros for a day without posts) and up to five threads, ordered by posts on that day",
    ),
    columns,
  ),
});

export const dayStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const [stats, threads] = await Promise.all([findDayStats(sql, selection), findBusiestThreads(sql, selection)]);
    if (!csv) return c.json({ day: selection.day, ...noPosts, ...stats, threads }, 200);
    const rows = threads.map((row) => ({ ...row.thread, post_count: row.post_count }));
    return sendCsv(c, `threads-${selection.day}`, columns, rows);
  });
