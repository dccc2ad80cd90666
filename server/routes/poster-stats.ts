import { createRoute, z } from "@hono/zod-openapi";
import { findTotals } from "../queries/overview.ts";
import { type Page, orderColumns, findPosterStats } from "../queries/poster-stats.ts";
import { count, describeResponses, posterCounts, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { followingOf, followingValue, order } from "./paging.ts";
import { bid, choice, limit, minPosts, uid, years, yearsText } from "./params.ts";
import { csvParameters, flat, orCsv, sendCsv } from "./table.ts";

const columns = ["uid", "name", ...orderColumns] as const;
const row = z.object({ User: user, ...posterCounts });

const parameters = z.object({
  year: years,
  bid,
  limit,
  min_posts: minPosts,
  ...csvParameters,
  order,
  order_by: choice(orderColumns, "sort column").default("post_count"),
  following_uid: uid.optional().openapi({ description: "uid of the last row of the previous page" }),
  following_ob: followingValue,
});
type Query = z.infer<typeof parameters>;

const route = createRoute({
  method: "get",
  path: "/api/poster-stats",
  summary: "Users with posts in the selection, sorted and paged",
  "x-examples": [
    "year=2017&limit=2",
    "order_by=avg_post_length&min_posts=20&limit=2",
    "limit=2&csv",
    "year=2016-2017&limit=2",
  ],
  request: { query: parameters },
  responses: orCsv(
    describeResponses(
      z.object({
        rows: z.array(row),
        post_count: count.openapi({ description: "posts of all users in the selection, whatever `min_posts` is" }),
        next: z.string().optional(),
      }),
      "users; `next` is the address of the next page and absent on the last",
    ),
    columns,
  ),
});

/** @throws BadRequestError if only one of following_uid and following_ob is given */
const pageOf = ({ following_uid, following_ob, ...page }: Query): Page => ({
  ...page,
  following: followingOf("following_uid", following_uid, following_ob),
});

/** The query for the page after this row. */
const queryAfter = (last: z.infer<typeof row>, query: Query) =>
  new URLSearchParams({
    ...(query.year.last ? { year: yearsText(query.year) } : {}),
    ...(query.bid ? { bid: String(query.bid) } : {}),
    ...(query.min_posts > 1 ? { min_posts: String(query.min_posts) } : {}),
    order: query.order,
    order_by: query.order_by,
    limit: String(query.limit),
    following_uid: String(last.User.uid),
    following_ob: String(last[query.order_by]),
  });

export const posterStatsRoute = ({ sql, basePath }: Deps) =>
  router().openapi(route, async (c) => {
    const query = c.req.valid("query");
    const [{ rows, hasMore }, totals] = await Promise.all([
      findPosterStats(sql, query, pageOf(query)),
      findTotals(sql, query),
    ]);
    if (query.csv) return sendCsv(c, "users", columns, rows.map(flat));
    const last = rows.at(-1);
    const post_count = totals?.post_count ?? 0;
    if (!hasMore || !last) return c.json({ rows, post_count }, 200);
    return c.json({ rows, post_count, next: `${basePath}/api/poster-stats?${queryAfter(last, query)}` }, 200);
  });
