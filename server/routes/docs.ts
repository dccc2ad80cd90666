import { createRoute, z } from "@hono/zod-openapi";
import { describeResponses } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { docsPage } from "./docs-page.ts";

const openApiRoute = createRoute({
  method: "get",
  path: "/api/openapi.json",
  summary: "Machine-readable description of this API",
  "x-uncached": true,
  responses: describeResponses(z.record(z.string(), z.unknown()), "an OpenAPI 3.1 document"),
});

const docsRoute = createRoute({
  method: "get",
  path: "/api/docs",
  summary: "Human-readable description of this API",
  "x-uncached": true,
  responses: {
    200: { content: { "text/html": { schema: z.string() } }, description: "an HTML page" },
  },
});

export const docsRoutes = ({ description, basePath }: Deps) =>
  router()
    .openapi(openApiRoute, (c) => c.json(description() as unknown as Record<string, unknown>, 200))
    .openapi(docsRoute, (c) => c.html(docsPage(description(), basePath)));
