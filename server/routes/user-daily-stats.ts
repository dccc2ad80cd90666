import { createRoute, z } from "@hono/zod-openapi";
import { findUserDailyStats } from "../queries/user-daily-stats.ts";
import { count } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { columnsOf, sendCsv, tableOf } from "./table.ts";
import { requireUser, userSelection } from "./user.ts";

const row = z.object({ day: z.string(), post_count: count });
const columns = columnsOf(row);

const route = createRoute({
  method: "get",
  path: "/api/user-daily-stats",
  summary: "Days on which one user posted",
  "x-examples": ["uid=3&year=2017"],
  request: { query: userSelection },
  responses: tableOf(row, "days with posts, ascending", columns),
});

export const userDailyStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const [rows] = await Promise.all([findUserDailyStats(sql, selection), requireUser(sql, selection.uid)]);
    return csv ? sendCsv(c, `user-days-${selection.uid}`, columns, rows) : c.json({ rows }, 200);
  });
