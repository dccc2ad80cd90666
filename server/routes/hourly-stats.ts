import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv } from "./answers.ts";
import { bid, year } from "./params.ts";
import { hourlyStats } from "../queries/hourly-stats.ts";
import { cells, csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";
import { weekday } from "./weekday-stats.ts";

const columns = ["weekday", "hour", "post_count", "active_users"] as const;

const row = z.object({
  weekday,
  hour: z.number().int().openapi({ description: "0 to 23" }),
  post_count: count,
  active_users: count,
});

const route = createRoute({
  method: "get",
  path: "/api/hourly-stats",
  summary: "The hours of the weekdays of the selection",
  request: { query: z.object({ year, bid, ...csvParameters }) },
  responses: orCsv(answers(z.object({ rows: z.array(row) }), "hours with posts, by weekday"), columns),
});

export const hourlyStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const asked = c.req.valid("query");
    const rows = await hourlyStats(sql, asked);
    return asked.csv ? sendCsv(c, "hours", columns, cells(rows, columns)) : c.json({ rows }, 200);
  });
