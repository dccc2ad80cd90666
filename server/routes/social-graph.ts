import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, user } from "../answers.ts";
import { limit, year } from "../params.ts";
import { socialGraph } from "../queries/social-graph.ts";
import { type Deps, router } from "./context.ts";

const edge = z.object({ from: user, to: user, count, intensity: z.number() });

const route = createRoute({
  method: "get",
  path: "/api/social-graph",
  summary: "Who quotes whom how often",
  request: { query: z.object({ limit, year }) },
  responses: answers(z.object({ rows: z.array(edge) }), "edges, the strongest first; intensity is relative to it"),
});

export const socialGraphRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { year: chosen, limit: size } = c.req.valid("query");
    return c.json({ rows: await socialGraph(sql, chosen, size) }, 200);
  });
