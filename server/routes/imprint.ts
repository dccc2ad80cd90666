import { createRoute, z } from "@hono/zod-openapi";
import { answers } from "./answers.ts";
import { type Deps, router } from "./context.ts";

const route = createRoute({
  method: "get",
  path: "/api/imprint",
  summary: "Who runs this",
  "x-uncached": true,
  responses: answers(z.object({ name: z.string(), contact_info: z.string() }), "name and contact of the operator"),
});

export const imprintRoute = ({ imprint }: Deps) => router().openapi(route, (c) => c.json(imprint, 200));
