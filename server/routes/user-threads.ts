import { createRoute, z } from "@hono/zod-openapi";
import { findUserThreads } from "../queries/user-threads.ts";
import { count, describeResponses, post, thread } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, integerOr, uid } from "./params.ts";
import { requireUser } from "./user.ts";

const route = createRoute({
  method: "get",
  path: "/api/user-threads",
  summary: "The threads in which a user wrote most",
  "x-examples": ["uid=3&limit=2"],
  request: { query: z.object({ uid, bid, limit: integerOr(20, 1, 10_000, "maximum number of rows") }) },
  responses: describeResponses(
    z.object({
      rows: z.array(z.object({ thread, bid: z.number().int(), post_count: count, first: post, last: post })),
    }),
    "threads with the number of posts by the user, most first, and the first and last of these posts",
  ),
});

export const userThreadsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const selection = c.req.valid("query");
    const [user, threads] = await Promise.all([requireUser(sql, selection.uid), findUserThreads(sql, selection)]);
    const rows = threads.map(({ tid, title, subtitle, bid: board, post_count, ...posts }) => ({
      thread: { tid, title, subtitle },
      bid: board,
      post_count,
      first: { pid: posts.first_pid, tid, timestamp: posts.first_time, user },
      last: { pid: posts.last_pid, tid, timestamp: posts.last_time, user },
    }));
    return c.json({ rows }, 200);
  });
