import { createRoute, z } from "@hono/zod-openapi";
import { findThreads, threadColumns, type ThreadPage } from "../queries/threads.ts";
import { count, describeResponses, thread, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { followingOf, followingValue, order } from "./paging.ts";
import { bid, choice, limit, tid, year } from "./params.ts";
import { csvParameters, orCsv, sendCsv } from "./table.ts";

const seconds = count.openapi({ description: "seconds" });

const row = z.object({
  thread,
  bid: z.number().int(),
  user: user.openapi({ description: "who opened the thread" }),
  opened: z.number().int().openapi({ description: "Unix seconds" }),
  post_count: count,
  participants: count,
  first_reply_s: seconds.nullable(),
  lifetime_s: seconds,
  half_life_s: seconds,
  longest_silence_s: seconds.nullable(),
  times_quoted: count,
});
type Thread = z.infer<typeof row>;

const columns = ["tid", "title", "subtitle", "bid", "uid", "name", ...threadColumns] as const;

const parameters = z.object({
  year: year.openapi({ description: "year of the first post; 0: all years" }),
  bid,
  order_by: choice(threadColumns, "sort column; threads without a value are left out").default("post_count"),
  order,
  limit,
  following_tid: tid.optional().openapi({ description: "tid of the last row of the previous page" }),
  following_ob: followingValue,
  ...csvParameters,
});
type Query = z.infer<typeof parameters>;

const route = createRoute({
  method: "get",
  path: "/api/threads",
  summary: "Threads with posts, sorted and paged",
  "x-examples": ["year=2017&limit=2", "order_by=times_quoted&limit=2&csv"],
  request: { query: parameters },
  responses: orCsv(
    describeResponses(
      z.object({ rows: z.array(row), next: z.string().optional() }),
      "threads: `first_reply_s` is the time until somebody else replied, `half_life_s` that until half of the posts were written, `longest_silence_s` that between two posts in a row, `times_quoted` how often their posts are quoted; `next` is the address of the next page and absent on the last",
    ),
    columns,
  ),
});

/** @throws BadRequestError if only one of following_tid and following_ob is given */
const pageOf = ({ following_tid, following_ob, ...page }: Query): ThreadPage => ({
  ...page,
  following: followingOf("following_tid", following_tid, following_ob),
});

/** The query for the page after this row. */
const queryAfter = (last: Thread, query: Query) =>
  new URLSearchParams({
    ...(query.year ? { year: String(query.year) } : {}),
    ...(query.bid ? { bid: String(query.bid) } : {}),
    order_by: query.order_by,
    order: query.order,
    limit: String(query.limit),
    following_tid: String(last.thread.tid),
    following_ob: String(last[query.order_by]),
  });

/** A row of the CSV file; null is an empty field. */
const flat = ({ thread: { tid: id, title, subtitle }, user: { uid, name }, ...values }: Thread) => ({
  tid: id,
  title,
  subtitle,
  uid,
  name,
  ...values,
  first_reply_s: values.first_reply_s ?? "",
  longest_silence_s: values.longest_silence_s ?? "",
});

export const threadsRoute = ({ sql, basePath }: Deps) =>
  router().openapi(route, async (c) => {
    const query = c.req.valid("query");
    const { rows, hasMore } = await findThreads(sql, query, pageOf(query));
    if (query.csv) return sendCsv(c, "threads", columns, rows.map(flat));
    const last = rows.at(-1);
    if (!hasMore || !last) return c.json({ rows }, 200);
    return c.json({ rows, next: `${basePath}/api/threads?${queryAfter(last, query)}` }, 200);
  });
