import { createRoute, z } from "@hono/zod-openapi";
import { answers } from "../answers.ts";
import { type Deps, router } from "./context.ts";

const route = createRoute({
  method: "get",
  path: "/api/",
  summary: "What there is",
  responses: answers(z.object({ apis: z.array(z.string()) }), "absolute addresses of all endpoints"),
});

export const apiRoute = ({ description, trustProxy = 0 }: Deps) =>
  router().openapi(route, (c) => {
    const paths = Object.keys(description().paths ?? {}).filter((path) => path !== "/api/");
    const base = new URL(c.req.url);
    // Where a proxy ends TLS, it is the proxy that knows.
    if (trustProxy > 0 && c.req.header("X-Forwarded-Proto") === "https") base.protocol = "https:";
    return c.json({ apis: paths.toSorted().map((path) => new URL(path, base).href) }, 200);
  });
