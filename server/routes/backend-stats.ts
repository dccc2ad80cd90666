import { createRoute, z } from "@hono/zod-openapi";
import { describeResponses, count } from "./schemas.ts";
import { type Deps, router } from "./router.ts";

const view = z
  .object({
    hits: count,
    responses: z.record(z.string(), count).openapi({ description: "number of responses by status" }),
    responses_size: count.openapi({ description: "bytes sent over the wire" }),
    cache: z.object({ hits: count, miss: count, size: count, size_gzipped: count }).partial(),
  })
  .partial();

const route = createRoute({
  method: "get",
  path: "/api/backend-stats",
  summary: "Request and cache counters, summed over all servers that share a cache",
  "x-uncached": true,
  responses: describeResponses(
    z.object({ version: z.string(), "404_hits": count.optional() }).catchall(view),
    "counters; one that was never incremented is absent",
  ),
});

export const backendStatsRoute = ({ stats, version }: Deps) =>
  router().openapi(route, async (c) => c.json((await stats.asJson(version)) as never, 200));
