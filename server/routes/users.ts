import { createRoute, z } from "@hono/zod-openapi";
import { findUsers } from "../queries/users.ts";
import { count, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { integerOr, text } from "./params.ts";
import { csvParameters, flat, sendCsv, tableOf } from "./table.ts";

const columns = ["uid", "name", "post_count"] as const;

const route = createRoute({
  method: "get",
  path: "/api/users",
  summary: "Users whose name or former name starts with the input",
  "x-examples": ["q=tap&limit=3"],
  request: {
    query: z.object({
      q: text("the input so far; an empty prefix returns no rows"),
      limit: integerOr(20, 1, 100, "maximum number of rows"),
      ...csvParameters,
    }),
  },
  responses: tableOf(
    z.object({ User: user, post_count: count }),
    "users; an exact match comes first, then by number of posts",
    columns,
  ),
});

export const usersRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const rows = await findUsers(sql, selection);
    return csv ? sendCsv(c, "users", columns, rows.map(flat)) : c.json({ rows }, 200);
  });
