import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv, user } from "./answers.ts";
import { limit, year } from "./params.ts";
import { socialGraph } from "../queries/social-graph.ts";
import { csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const columns = ["from_uid", "from_name", "to_uid", "to_name", "count", "intensity"] as const;

const edge = z.object({ from: user, to: user, count, intensity: z.number() });

const route = createRoute({
  method: "get",
  path: "/api/social-graph",
  summary: "Who quotes whom how often",
  request: { query: z.object({ limit, year, ...csvParameters }) },
  responses: orCsv(
    answers(z.object({ rows: z.array(edge) }), "edges, the strongest first; intensity is relative to it"),
    columns,
  ),
});

export const socialGraphRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { year: chosen, limit: size, csv } = c.req.valid("query");
    const rows = await socialGraph(sql, chosen, size);
    if (!csv) return c.json({ rows }, 200);
    const table = rows.map(({ from, to, count: n, intensity }) => [from.uid, from.name, to.uid, to.name, n, intensity]);
    return sendCsv(c, "social-graph", columns, table);
  });
