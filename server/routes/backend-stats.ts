import { createRoute, z } from "@hono/zod-openapi";
import { answers, count } from "./answers.ts";
import { type Deps, router } from "./context.ts";

const view = z
  .object({
    hits: count,
    responses: z.record(z.string(), count).openapi({ description: "answers by status" }),
    responses_size: count.openapi({ description: "bytes that went over the wire" }),
    cache: z.object({ hits: count, miss: count, size: count, size_gzipped: count }).partial(),
  })
  .partial();

const route = createRoute({
  method: "get",
  path: "/api/backend-stats",
  summary: "Counters of requests and cache, of all servers that share one",
  "x-uncached": true,
  responses: answers(
    z.object({ version: z.string(), "404_hits": count.optional() }).catchall(view),
    "a counter is there from its first increment on",
  ),
});

export const backendStatsRoute = ({ stats, version }: Deps) =>
  router().openapi(route, async (c) => c.json((await stats.asJson(version)) as never, 200));
