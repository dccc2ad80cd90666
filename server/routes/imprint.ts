import { createRoute, z } from "@hono/zod-openapi";
import { describeResponses } from "./schemas.ts";
import { type Deps, router } from "./router.ts";

const route = createRoute({
  method: "get",
  path: "/api/imprint",
  summary: "Who runs this server",
  "x-uncached": true,
  responses: describeResponses(
    z.object({ name: z.string(), contact_info: z.string() }),
    "the operator's name and contact",
  ),
});

export const imprintRoute = ({ imprint }: Deps) => router().openapi(route, (c) => c.json(imprint, 200));
