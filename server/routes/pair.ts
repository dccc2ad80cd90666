import { createRoute, z } from "@hono/zod-openapi";
import { BadRequestError } from "../http/errors.ts";
import { findPair } from "../queries/pair.ts";
import { count, describeResponses, post, thread, user, weekday } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { uid } from "./params.ts";
import { requireUser } from "./user.ts";

const quote = z.object({ quoting: post, quoted: post });

const side = z.object({
  user,
  quotes: count.openapi({ description: "how often this user quotes the other" }),
  place: count
    .nullable()
    .openapi({ description: "this user's place among all whom the other quotes; null if the other never does" }),
  first_quote: quote.nullable().openapi({ description: "of the other by this user" }),
  last_quote: quote.nullable(),
  hours: z.array(z.object({ weekday, hour: z.number().int(), post_count: count })),
});

/** A number for each of the two users. */
const both = { user: count, with: count };

const route = createRoute({
  method: "get",
  path: "/api/pair",
  summary: "Two users: who quotes whom, when, and where both post",
  "x-examples": ["uid=3&with=5"],
  request: { query: z.object({ uid, with: uid.openapi({ description: "another user's id" }) }) },
  responses: describeResponses(
    z.object({
      user: side,
      with: side,
      years: z.array(z.object({ year: z.number().int(), ...both })).openapi({
        description: "quotes of the other, by the year of the quoting post; years without any are left out",
      }),
      boards: z
        .array(z.object({ bid: z.number().int(), name: z.string(), ...both }))
        .openapi({ description: "each user's posts, by the smaller of the two numbers" }),
      shared_threads: count,
      threads: z
        .array(z.object({ thread, ...both }))
        .openapi({ description: "the first ten threads where both have posts, likewise" }),
    }),
    "both users, and what they have in common; with the ids exchanged, `user` and `with` are exchanged, too",
  ),
});

export const pairRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { uid: id, with: otherId } = c.req.valid("query");
    if (id === otherId) throw new BadRequestError("uid and with must be two different users");
    const [one, other] = await Promise.all([requireUser(sql, id), requireUser(sql, otherId)]);
    return c.json(await findPair(sql, { user: one, with: other }), 200);
  });
