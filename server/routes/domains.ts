import { createRoute, z } from "@hono/zod-openapi";
import { findDomains } from "../queries/domains.ts";
import { count, describeResponses } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { limit, linkType, onlyUser, years } from "./params.ts";
import { csvParameters, orCsv, sendCsv } from "./table.ts";

const columns = ["domain", "count"] as const;

const route = createRoute({
  method: "get",
  path: "/api/domains",
  summary: "Linked domains",
  "x-examples": ["type=image&limit=3", "year=2016-2017&uid=3&limit=2"],
  request: { query: z.object({ limit, year: years, type: linkType, uid: onlyUser, ...csvParameters }) },
  responses: orCsv(
    describeResponses(
      z.object({ rows: z.array(z.object({ count, domain: z.string() })), total: count }),
      "domains, most links first, and the number of links to all domains of the selection",
    ),
    columns,
  ),
});

export const domainsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const { rows, total } = await findDomains(sql, selection);
    return csv ? sendCsv(c, "domains", columns, rows) : c.json({ rows, total }, 200);
  });
