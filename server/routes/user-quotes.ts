import { createRoute, z } from "@hono/zod-openapi";
import { directions, findUserQuotes } from "../queries/user-quotes.ts";
import { count, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { choice, limit } from "./params.ts";
import { flat, sendCsv, tableOf } from "./table.ts";
import { requireUser, userSelection } from "./user.ts";

const columns = ["uid", "name", "count"] as const;

const route = createRoute({
  method: "get",
  path: "/api/user-quotes",
  summary: "Whom a user quotes, or by whom they are quoted",
  "x-examples": ["uid=3&direction=quoted_by&limit=2"],
  request: {
    query: userSelection.extend({
      direction: choice(directions, "whom the user quotes (quoting), or who quotes the user (quoted_by)").default(
        "quoting",
      ),
      limit,
    }),
  },
  responses: tableOf(z.object({ User: user, count }), "the other users, most quotes first", columns),
});

export const userQuotesRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const [rows] = await Promise.all([findUserQuotes(sql, selection), requireUser(sql, selection.uid)]);
    if (!csv) return c.json({ rows }, 200);
    return sendCsv(c, `user-${selection.direction}-${selection.uid}`, columns, rows.map(flat));
  });
