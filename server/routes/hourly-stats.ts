import { createRoute, z } from "@hono/zod-openapi";
import { findHourlyStats } from "../queries/hourly-stats.ts";
import { count, weekday, usersOfYear } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, onlyUser, years } from "./params.ts";
import { columnsOf, csvParameters, sendCsv, tableOf } from "./table.ts";

const row = z.object({
  weekday,
  hour: z.number().int().openapi({ description: "0 to 23" }),
  post_count: count,
  active_users: usersOfYear,
});
const columns = columnsOf(row);

const route = createRoute({
  method: "get",
  path: "/api/hourly-stats",
  summary: "Statistics per weekday and hour",
  "x-examples": ["year=2017"],
  request: { query: z.object({ year: years, bid, uid: onlyUser, ...csvParameters }) },
  responses: tableOf(row, "hours with posts, ordered by weekday and hour", columns),
});

export const hourlyStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const rows = await findHourlyStats(sql, selection);
    return csv ? sendCsv(c, "hours", columns, rows) : c.json({ rows }, 200);
  });
