import { createRoute, z } from "@hono/zod-openapi";
import { findSocialGraph } from "../queries/social-graph.ts";
import { count, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { limit, uid, years } from "./params.ts";
import { csvParameters, sendCsv, tableOf } from "./table.ts";

const columns = ["from_uid", "from_name", "to_uid", "to_name", "count", "intensity"] as const;

const route = createRoute({
  method: "get",
  path: "/api/social-graph",
  summary: "Who quotes whom, and how often",
  "x-examples": ["limit=2", "year=2016-2017&uid=3&limit=2"],
  request: {
    query: z.object({
      limit,
      year: years,
      uid: uid.optional().openapi({ description: "only edges from or to this user" }),
      ...csvParameters,
    }),
  },
  responses: tableOf(
    z.object({ from: user, to: user, count, intensity: z.number() }),
    "edges, strongest first; `intensity` is relative to the strongest",
    columns,
  ),
});

export const socialGraphRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const edges = await findSocialGraph(sql, selection);
    if (!csv) return c.json({ rows: edges }, 200);
    const rows = edges.map(({ from, to, ...edge }) => ({
      from_uid: from.uid,
      from_name: from.name,
      to_uid: to.uid,
      to_name: to.name,
      ...edge,
    }));
    return sendCsv(c, "social-graph", columns, rows);
  });
