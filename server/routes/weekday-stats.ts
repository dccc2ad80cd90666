import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv } from "./answers.ts";
import { bid, year } from "./params.ts";
import { weekdayStats } from "../queries/weekday-stats.ts";
import { cells, csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const columns = ["weekday", "post_count", "edit_count", "threads_created", "avg_post_length", "active_users"] as const;

export const weekday = z.string().openapi({ description: '"1" is Monday, "7" Sunday' });

const row = z.object({
  weekday,
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
  request: { query: z.object({ year, bid, ...csvParameters }) },
  responses: orCsv(answers(z.object({ rows: z.array(row) }), "weekdays with posts, Monday first"), columns),
});

export const weekdayStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const asked = c.req.valid("query");
    const rows = await weekdayStats(sql, asked);
    return asked.csv ? sendCsv(c, "weekdays", columns, cells(rows, columns)) : c.json({ rows }, 200);
  });
