import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv, user } from "./answers.ts";
import { integer, text } from "./params.ts";
import { findUsers } from "../queries/users.ts";
import { csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const columns = ["uid", "name", "post_count"] as const;

const route = createRoute({
  method: "get",
  path: "/api/users",
  summary: "Users whose name or alias begins as typed",
  request: {
    query: z.object({
      q: text("what was typed so far; nothing finds nobody"),
      limit: integer(1, 100, "rows at most").default(20).openapi({ default: 20 }),
      ...csvParameters,
    }),
  },
  responses: orCsv(
    answers(
      z.object({ rows: z.array(z.object({ User: user, post_count: count })) }),
      "users, the very name first, then by posts",
    ),
    columns,
  ),
});

export const usersRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { q, limit, csv } = c.req.valid("query");
    const rows = await findUsers(sql, q, limit);
    if (!csv) return c.json({ rows }, 200);
    const table = rows.map(({ User, post_count }) => [User.uid, User.name, post_count]);
    return sendCsv(c, "users", columns, table);
  });
