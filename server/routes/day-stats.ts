import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv, thread } from "./answers.ts";
import { bid, day } from "./params.ts";
import { dayStats, dayThreads } from "../queries/day-stats.ts";
import { csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const columns = ["tid", "title", "subtitle", "post_count"] as const;

const route = createRoute({
  method: "get",
  path: "/api/day-stats",
  summary: "One day's numbers and busiest threads",
  request: { query: z.object({ day, bid, ...csvParameters }) },
  responses: orCsv(
    answers(
      z.object({
        day: z.string(),
        post_count: count,
        edit_count: count,
        threads_created: count,
        avg_post_length: count,
        active_users: count,
        threads: z.array(z.object({ thread, post_count: count })),
      }),
      "zeros on a day without posts; at most five threads, by posts of that day",
    ),
    columns,
  ),
});

const nothing = { post_count: 0, edit_count: 0, threads_created: 0, avg_post_length: 0, active_users: 0 };

export const dayStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const asked = c.req.valid("query");
    const [stats, threads] = await Promise.all([
      dayStats(sql, asked.day, asked.bid),
      dayThreads(sql, asked.day, asked.bid),
    ]);
    if (!asked.csv) return c.json({ day: asked.day, ...nothing, ...stats, threads }, 200);
    const table = threads.map(({ thread: { tid, title, subtitle }, post_count }) => [tid, title, subtitle, post_count]);
    return sendCsv(c, `threads-${asked.day}`, columns, table);
  });
