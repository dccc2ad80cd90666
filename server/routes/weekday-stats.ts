import { createRoute, z } from "@hono/zod-openapi";
import { findWeekdayStats } from "../queries/weekday-stats.ts";
import { counts, weekday, usersOfYear } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, onlyUser, years } from "./params.ts";
import { columnsOf, csvParameters, sendCsv, tableOf } from "./table.ts";

const row = z.object({ weekday, ...counts, active_users: usersOfYear });
const columns = columnsOf(row);

const route = createRoute({
  method: "get",
  path: "/api/weekday-stats",
  summary: "Statistics per weekday",
  "x-examples": ["year=2017&bid=14", "uid=3"],
  request: { query: z.object({ year: years, bid, uid: onlyUser, ...csvParameters }) },
  responses: tableOf(row, "weekdays with posts, Monday first", columns),
});

export const weekdayStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const rows = await findWeekdayStats(sql, selection);
    return csv ? sendCsv(c, "weekdays", columns, rows) : c.json({ rows }, 200);
  });
