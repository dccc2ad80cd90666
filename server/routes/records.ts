import { createRoute, z } from "@hono/zod-openapi";
import { findMilestones, findRecords, recordNames } from "../queries/records.ts";
import { count, describeResponses, orNull, post, thread, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid } from "./params.ts";

/** An entry of a record's history. */
export const recordEntry = {
  value: count,
  day: z.string().openapi({ description: "the moment's day: first day of a period, a streak or a thread" }),
  user: orNull(user).openapi({ description: "the holder, or the poster of the post" }),
  thread: orNull(thread),
  post: orNull(post),
};

export const record = z.enum(recordNames);

export const milestone = z.object({ number: count, post });

const route = createRoute({
  method: "get",
  path: "/api/records",
  summary: "Records with their former holders, and milestones",
  "x-examples": ["", "bid=14"],
  request: { query: z.object({ bid }) },
  responses: describeResponses(
    z.object({
      rows: z.array(z.object({ record, history: z.array(z.object(recordEntry)) })),
      milestones: z.array(milestone),
    }),
    "each record with its history: each time that it was broken by a larger value, oldest first, so the last entry is today's; " +
      "and who wrote the 1st, 10th, 100th, … post. With `bid` only that board's posts count, and streaks, pauses and boards are left out",
  ),
});

export const recordsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { bid: board } = c.req.valid("query");
    const [rows, milestones] = await Promise.all([findRecords(sql, board), findMilestones(sql, board)]);
    return c.json({ rows, milestones: milestones.map(({ number, post: of }) => ({ number, post: of })) }, 200);
  });
