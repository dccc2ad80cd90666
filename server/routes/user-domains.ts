import { createRoute, z } from "@hono/zod-openapi";
import { findUserDomains } from "../queries/user-domains.ts";
import { count, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { domain, limit, linkType, uid, years } from "./params.ts";
import { csvParameters, flat, sendCsv, tableOf } from "./table.ts";

const columns = ["uid", "name", "domain", "count"] as const;

const route = createRoute({
  method: "get",
  path: "/api/user-domains",
  summary: "Who links to which domain",
  "x-examples": ["limit=2", "uid=3&limit=2", "domain=example.org&type=link&limit=2"],
  request: {
    query: z.object({
      limit,
      year: years,
      type: linkType,
      ...csvParameters,
      uid: uid.optional(),
      domain: domain.optional(),
    }),
  },
  responses: tableOf(
    z.object({ User: user, domain: z.string(), count }),
    "pairs of user and domain, most links first; `uid` and `domain` restrict them to one user or one domain",
    columns,
  ),
});

export const userDomainsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const rows = await findUserDomains(sql, selection);
    return csv ? sendCsv(c, "user-domains", columns, rows.map(flat)) : c.json({ rows }, 200);
  });
