import { createRoute, z } from "@hono/zod-openapi";
import { findThreadReplies } from "../queries/thread-replies.ts";
import { count, describeResponses } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, year } from "./params.ts";

const seconds = count.nullable().openapi({ description: "seconds" });

const replies = z.object({
  threads: count,
  unanswered: count.openapi({ description: "threads without a reply by somebody else" }),
  first_reply_p50_s: seconds,
  first_reply_p90_s: seconds,
  lifetime_p50_s: seconds,
  lifetime_p90_s: seconds,
});

const route = createRoute({
  method: "get",
  path: "/api/thread-replies",
  summary: "How soon threads are answered, and how long they live",
  "x-examples": ["bid=14"],
  request: { query: z.object({ year: year.openapi({ description: "year of the first post; 0: all years" }), bid }) },
  responses: describeResponses(
    z.object({ rows: z.array(replies.extend({ year: z.number().int() })), total: replies }),
    "the years in which threads were opened, ascending, and `total`, all of them together. Percentiles are nearest ranks: those of the first reply are of the answered threads, those of the lifetime of all",
  ),
});

export const threadRepliesRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => c.json(await findThreadReplies(sql, c.req.valid("query")), 200));
