import { createRoute, z } from "@hono/zod-openapi";
import { findUserHourlyStats } from "../queries/user-hourly-stats.ts";
import { count, weekday } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { columnsOf, sendCsv, tableOf } from "./table.ts";
import { requireUser, userSelection } from "./user.ts";

const row = z.object({ weekday, hour: z.number().int(), post_count: count });
const columns = columnsOf(row);

const route = createRoute({
  method: "get",
  path: "/api/user-hourly-stats",
  summary: "Posts of one user per weekday and hour",
  "x-examples": ["uid=3"],
  request: { query: userSelection },
  responses: tableOf(row, "hours with posts, ordered by weekday and hour", columns),
});

export const userHourlyStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const [rows] = await Promise.all([findUserHourlyStats(sql, selection), requireUser(sql, selection.uid)]);
    return csv ? sendCsv(c, `user-hours-${selection.uid}`, columns, rows) : c.json({ rows }, 200);
  });
