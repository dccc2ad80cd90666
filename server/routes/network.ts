import { createRoute, z } from "@hono/zod-openapi";
import { findNetwork } from "../queries/network.ts";
import { count, describeResponses, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { limit, uid, year } from "./params.ts";
import { csvParameters, orCsv, sendCsv } from "./table.ts";
import { requireUser } from "./user.ts";

const columns = ["from_uid", "from_name", "to_uid", "to_name", "count"] as const;

const id = z.number().int();

const route = createRoute({
  method: "get",
  path: "/api/network",
  summary: "The network of quotes: of everyone, or around one user",
  "x-examples": ["limit=2", "uid=3&limit=3"],
  request: {
    query: z.object({
      uid: uid.optional().openapi({
        description: "only this user, the 40 users with the most quotes in common, and the quotes among them",
      }),
      year,
      limit,
      ...csvParameters,
    }),
  },
  responses: orCsv(
    describeResponses(
      z.object({
        users: z.array(z.object({ User: user, post_count: count })),
        edges: z.array(z.object({ from: id, to: id, count })),
      }),
      "edges (who quotes whom, by uid), strongest first, and the users that they join, most posts first",
    ),
    columns,
  ),
});

export const networkRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, uid: center, ...selection } = c.req.valid("query");
    const [network] = await Promise.all([
      findNetwork(sql, { ...selection, uid: center }),
      center === undefined ? undefined : requireUser(sql, center),
    ]);
    if (!csv) return c.json(network, 200);
    const names = new Map(network.users.map(({ User }) => [User.uid, User.name]));
    const rows = network.edges.map(({ from, to, ...edge }) => ({
      from_uid: from,
      from_name: names.get(from) ?? "",
      to_uid: to,
      to_name: names.get(to) ?? "",
      ...edge,
    }));
    return sendCsv(c, center === undefined ? "network" : `network-${center}`, columns, rows);
  });
