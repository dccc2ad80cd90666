import { createRoute, z } from "@hono/zod-openapi";
import { answers, count } from "../answers.ts";
import { bid, year } from "../params.ts";
import { yearOverYearStats } from "../queries/year-over-year-stats.ts";
import { type Deps, router } from "./context.ts";

const row = z.object({
  year: z.number().int(),
  post_count: count,
  edit_count: count,
  threads_created: count,
  avg_post_length: count,
  active_users: count,
});

const route = createRoute({
  method: "get",
  path: "/api/year-over-year-stats",
  summary: "The years of the selection",
  request: { query: z.object({ year, bid }) },
  responses: answers(z.object({ rows: z.array(row) }), "years with posts, in order"),
});

export const yearOverYearStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => c.json({ rows: await yearOverYearStats(sql, c.req.valid("query")) }, 200));
