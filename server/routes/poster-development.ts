import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv, user } from "./answers.ts";
import { BadRequest } from "../http/errors.ts";
import { bid, text, uid } from "./params.ts";
import { posterDevelopment, userByName, userByUid } from "../queries/poster-development.ts";
import { cells, csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const columns = [
  "year",
  "post_count",
  "edit_count",
  "threads_created",
  "quoted_count",
  "quotes_count",
  "avg_post_length",
] as const;

const yearOfUser = z.object({
  year: z.number().int(),
  post_count: count,
  edit_count: count,
  threads_created: count,
  quoted_count: count,
  quotes_count: count,
  avg_post_length: count,
});

const route = createRoute({
  method: "get",
  path: "/api/poster-development",
  summary: "One user, year by year",
  request: {
    query: z.object({
      uid: uid.optional(),
      user: text("name as shown, without regard to case; uid wins over it").optional(),
      bid,
      ...csvParameters,
    }),
  },
  responses: orCsv(
    answers(z.object({ user, years: z.record(z.string(), yearOfUser) }), "the user's years, gaps filled with zeros"),
    columns,
  ),
});

export const posterDevelopmentRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const asked = c.req.valid("query");
    if (asked.uid === undefined && asked.user === undefined) {
      throw new BadRequest("parameter uid or user is missing: give a user's id, or a name");
    }
    const found = asked.uid === undefined ? await userByName(sql, asked.user ?? "") : await userByUid(sql, asked.uid);
    if (!found) throw new BadRequest(`there is no user ${asked.uid ?? `called ${asked.user}`}`);
    const years = await posterDevelopment(sql, found.uid, asked.bid);
    if (!asked.csv) {
      return c.json({ user: found, years: Object.fromEntries(years.map((row) => [String(row.year), row])) }, 200);
    }
    return sendCsv(c, `user-development-${found.uid}`, columns, cells(years, columns));
  });
