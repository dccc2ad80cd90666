import { createRoute, z } from "@hono/zod-openapi";
import { findDomainYears } from "../queries/domain-years.ts";
import { count } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { domain } from "./params.ts";
import { columnsOf, csvParameters, sendCsv, tableOf } from "./table.ts";

const row = z.object({ year: z.number().int(), link: count, image: count, video: count, count });
const columns = columnsOf(row);

const route = createRoute({
  method: "get",
  path: "/api/domain-years",
  summary: "One domain, year by year",
  "x-examples": ["domain=example.org"],
  request: { query: z.object({ domain, ...csvParameters }) },
  responses: tableOf(
    row,
    "the years in which it was linked, ascending, with the number of links of each kind and in total",
    columns,
  ),
});

export const domainYearsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const rows = await findDomainYears(sql, selection.domain);
    return csv ? sendCsv(c, "domain-years", columns, rows) : c.json({ rows }, 200);
  });
