import { createRoute, z } from "@hono/zod-openapi";
import { findYears } from "../queries/years.ts";
import { count } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid } from "./params.ts";
import { columnsOf, csvParameters, sendCsv, tableOf } from "./table.ts";

const row = z.object({ year: z.number().int(), post_count: count });
const columns = columnsOf(row);

const route = createRoute({
  method: "get",
  path: "/api/years",
  summary: "Years with posts",
  "x-examples": ["bid=14"],
  request: { query: z.object({ bid, ...csvParameters }) },
  responses: tableOf(row, "years with posts, ascending", columns),
});

export const yearsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const rows = await findYears(sql, selection);
    return csv ? sendCsv(c, "years", columns, rows) : c.json({ rows }, 200);
  });
