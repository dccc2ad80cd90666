import { createRoute, z } from "@hono/zod-openapi";
import { describeResponses } from "./schemas.ts";
import { type Deps, router } from "./router.ts";

const route = createRoute({
  method: "get",
  path: "/api/",
  summary: "List of endpoints",
  "x-uncached": true,
  responses: describeResponses(z.object({ apis: z.array(z.string()) }), "the absolute URLs of all endpoints"),
});

export const apiRoute = ({ description, publicUrl }: Deps) =>
  router().openapi(route, (c) => {
    const paths = Object.keys(description().paths ?? {}).filter((path) => path !== "/api/");
    return c.json({ apis: paths.toSorted().map((path) => publicUrl + path) }, 200);
  });
