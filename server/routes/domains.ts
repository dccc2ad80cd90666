import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv, user } from "./answers.ts";
import { limit, linkType, text, uid, year } from "./params.ts";
import { domains, domainYears, userDomains } from "../queries/domains.ts";
import { cells, csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const query = z.object({ limit, year, type: linkType, ...csvParameters });
const domain = text("as it is shown: lower case, with the port if there is one");

const domainColumns = ["domain", "count"] as const;

const domainsRoute = createRoute({
  method: "get",
  path: "/api/domains",
  summary: "Linked domains",
  request: { query },
  responses: orCsv(
    answers(z.object({ rows: z.array(z.object({ count, domain: z.string() })) }), "domains by count"),
    domainColumns,
  ),
});

const userDomainColumns = ["uid", "name", "domain", "count"] as const;

const userDomainsRoute = createRoute({
  method: "get",
  path: "/api/user-domains",
  summary: "Who links which domain",
  request: { query: query.extend({ uid: uid.optional(), domain: domain.optional() }) },
  responses: orCsv(
    answers(
      z.object({ rows: z.array(z.object({ User: user, domain: z.string(), count })) }),
      "users and domains by count; those of one user, or of one domain, where asked",
    ),
    userDomainColumns,
  ),
});

const yearColumns = ["year", "link", "image", "video", "count"] as const;

const domainYearsRoute = createRoute({
  method: "get",
  path: "/api/domain-years",
  summary: "One domain, year by year",
  request: { query: z.object({ domain, ...csvParameters }) },
  responses: orCsv(
    answers(
      z.object({
        rows: z.array(z.object({ year: z.number().int(), link: count, image: count, video: count, count })),
      }),
      "years in which it was linked, in order, with the number of each kind and of all",
    ),
    yearColumns,
  ),
});

export const domainsRoutes = ({ sql }: Deps) =>
  router()
    .openapi(domainsRoute, async (c) => {
      const { year: chosen, type, limit: size, csv } = c.req.valid("query");
      const rows = [...(await domains(sql, chosen, type, size))];
      return csv ? sendCsv(c, "domains", domainColumns, cells(rows, domainColumns)) : c.json({ rows }, 200);
    })
    .openapi(userDomainsRoute, async (c) => {
      const { csv, ...asked } = c.req.valid("query");
      const rows = await userDomains(sql, asked);
      if (!csv) return c.json({ rows }, 200);
      const table = rows.map(({ User, domain: name, count: n }) => [User.uid, User.name, name, n]);
      return sendCsv(c, "user-domains", userDomainColumns, table);
    })
    .openapi(domainYearsRoute, async (c) => {
      const asked = c.req.valid("query");
      const rows = await domainYears(sql, asked.domain);
      return asked.csv ? sendCsv(c, "domain-years", yearColumns, cells(rows, yearColumns)) : c.json({ rows }, 200);
    });
