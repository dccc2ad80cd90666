import { createRoute, z } from "@hono/zod-openapi";
import { BadRequestError } from "../http/errors.ts";
import { findThread } from "../queries/thread.ts";
import { count, describeResponses, orNull, post, thread, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { tid } from "./params.ts";

const seconds = count.nullable().openapi({ description: "seconds" });

const response = z.object({
  thread,
  bid: z.number().int().nullable(),
  board: z.string().nullable(),
  user: orNull(user).openapi({ description: "who opened the thread" }),
  post_count: count,
  participants: count,
  first: orNull(post),
  last: orNull(post),
  first_reply_s: seconds,
  lifetime_s: seconds,
  half_life_s: seconds,
  longest_silence_s: seconds,
  silence_ended_by: orNull(post),
  busiest_day: z.object({ day: z.string(), post_count: count }).nullable(),
  times_quoted: count,
  per: z.enum(["day", "month"]),
  timeline: z.array(z.object({ from: z.string(), post_count: count })),
  stream: z.array(z.array(count)),
  users: z.array(z.object({ user, post_count: count })),
  most_quoted: z.array(z.object({ post, quoted_count: count })),
  series: z.object({ position: count, threads: count, previous: orNull(thread), next: orNull(thread) }).nullable(),
});

const route = createRoute({
  method: "get",
  path: "/api/thread",
  summary: "One thread: its posts, people, quotes and series",
  "x-examples": ["tid=150021"],
  request: { query: z.object({ tid }) },
  responses: describeResponses(
    response,
    "the thread; without posts everything else is null, 0 or empty. `timeline` has no gaps: days or, for a thread that was active for 400 days or more, months, each with its first day; `stream` has, for each of them, the posts of the first six `users`. `users` are the 20 busiest, `most_quoted` the 10 posts that most other posts quote. `series` is the thread's place among threads with the same title and a part number",
  ),
});

export const threadRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const query = c.req.valid("query");
    const found = await findThread(sql, query.tid);
    if (!found) throw new BadRequestError(`no thread has the id ${query.tid}`);
    return c.json(found, 200);
  });
