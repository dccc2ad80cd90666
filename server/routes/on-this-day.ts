import { createRoute, z } from "@hono/zod-openapi";
import { findMilestonesOn, findRegistered, findThisDay } from "../queries/on-this-day.ts";
import { count, describeResponses, post, thread, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, monthAndDay } from "./params.ts";
import { milestone } from "./records.ts";

const year = z.number().int();

const row = z.object({
  year,
  post_count: count,
  active_users: count,
  threads_created: count,
  busiest_thread: z.object({ thread, post_count: count }),
  most_quoted: z
    .object({ post, quoted_count: count })
    .nullable()
    .openapi({ description: "of the posts written on the day" }),
});

const route = createRoute({
  method: "get",
  path: "/api/on-this-day",
  summary: "One date in all years",
  "x-examples": ["date=05-01"],
  "x-today": "date",
  request: { query: z.object({ date: monthAndDay.optional(), bid }) },
  responses: describeResponses(
    z.object({
      date: z.string(),
      rows: z.array(row),
      registered: z.array(z.object({ year, users: z.array(z.object({ user, post_count: count })) })),
      milestones: z.array(milestone),
    }),
    "the years with posts on the date, newest first; per year at most ten users who registered on it, by all their posts; " +
      "and the milestones reached on it",
  ),
});

export const onThisDayRoute = ({ sql, today }: Deps) =>
  router().openapi(route, async (c) => {
    const { date = today(), bid: board } = c.req.valid("query");
    const selection = { date, bid: board };
    const [rows, registered, milestones] = await Promise.all([
      findThisDay(sql, selection),
      findRegistered(sql, selection),
      findMilestonesOn(sql, selection),
    ]);
    return c.json({ date, rows, registered, milestones }, 200);
  });
