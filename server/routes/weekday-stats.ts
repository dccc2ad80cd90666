import { createRoute, z } from "@hono/zod-openapi";
import { answers, count } from "../answers.ts";
import { bid, year } from "../params.ts";
import { weekdayStats } from "../queries/weekday-stats.ts";
import { type Deps, router } from "./context.ts";

const row = z.object({
  weekday: z.string().openapi({ description: '"1" is Monday, "7" Sunday' }),
  post_count: count,
  edit_count: count,
  threads_created: count,
  avg_post_length: count,
  active_users: count,
});

const route = createRoute({
  method: "get",
  path: "/api/weekday-stats",
  summary: "The weekdays of the selection",
  request: { query: z.object({ year, bid }) },
  responses: answers(z.object({ rows: z.array(row) }), "weekdays with posts, Monday first"),
});

export const weekdayStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => c.json({ rows: await weekdayStats(sql, c.req.valid("query")) }, 200));
