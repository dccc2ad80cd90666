import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, user } from "../answers.ts";
import { limit, linkType, year } from "../params.ts";
import { domains, userDomains } from "../queries/domains.ts";
import { type Deps, router } from "./context.ts";

const query = z.object({ limit, year, type: linkType });

const domainsRoute = createRoute({
  method: "get",
  path: "/api/domains",
  summary: "Linked domains",
  request: { query },
  responses: answers(z.object({ rows: z.array(z.object({ count, domain: z.string() })) }), "domains by count"),
});

const userDomainsRoute = createRoute({
  method: "get",
  path: "/api/user-domains",
  summary: "Who links which domain",
  request: { query },
  responses: answers(
    z.object({ rows: z.array(z.object({ User: user, domain: z.string(), count })) }),
    "users and domains by count",
  ),
});

export const domainsRoutes = ({ sql }: Deps) =>
  router()
    .openapi(domainsRoute, async (c) => {
      const { year: chosen, type, limit: size } = c.req.valid("query");
      return c.json({ rows: [...(await domains(sql, chosen, type, size))] }, 200);
    })
    .openapi(userDomainsRoute, async (c) => {
      const { year: chosen, type, limit: size } = c.req.valid("query");
      return c.json({ rows: await userDomains(sql, chosen, type, size) }, 200);
    });
