import { createRoute, z } from "@hono/zod-openapi";
import { findYearOverYearStats } from "../queries/year-over-year-stats.ts";
import { counts } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, onlyUser, years } from "./params.ts";
import { columnsOf, csvParameters, sendCsv, tableOf } from "./table.ts";

const row = z.object({ year: z.number().int(), ...counts });
const columns = columnsOf(row);

const route = createRoute({
  method: "get",
  path: "/api/year-over-year-stats",
  summary: "Statistics per year",
  "x-examples": ["bid=14"],
  request: { query: z.object({ year: years, bid, uid: onlyUser, ...csvParameters }) },
  responses: tableOf(row, "years with posts, ascending", columns),
});

export const yearOverYearStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const rows = await findYearOverYearStats(sql, selection);
    return csv ? sendCsv(c, "years", columns, rows) : c.json({ rows }, 200);
  });
