import { createRoute, z } from "@hono/zod-openapi";
import { BadRequestError } from "../http/errors.ts";
import { type Page, orderColumns, findPosterStats } from "../queries/poster-stats.ts";
import { describeResponses, posterCounts, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, choice, limit, uid, years, yearsText } from "./params.ts";
import { csvParameters, flat, orCsv, sendCsv } from "./table.ts";

const columns = ["uid", "name", ...orderColumns] as const;
const row = z.object({ User: user, ...posterCounts });

const parameters = z.object({
  year: years,
  bid,
  limit,
  ...csvParameters,
  order: choice(["desc", "asc"], "sort direction").default("desc"),
  order_by: choice(orderColumns, "sort column").default("post_count"),
  following_uid: uid.optional().openapi({ description: "uid of the last row of the previous page" }),
  following_ob: z
    .string()
    .regex(/^[+-]?\d{1,15}(\.\d{1,15})?$/, { message: "must be a number" })
    .transform(Number)
    .optional()
    .openapi({ type: "number", description: "value of the sort column in that row" }),
});
type Query = z.infer<typeof parameters>;

const route = createRoute({
  method: "get",
  path: "/api/poster-stats",
  summary: "Users with posts in the selection, sorted and paged",
  "x-examples": ["year=2017&limit=2", "limit=2&csv", "year=2016-2017&limit=2"],
  request: { query: parameters },
  responses: orCsv(
    describeResponses(
      z.object({ rows: z.array(row), next: z.string().optional() }),
      "users; `next` is the address of the next page and absent on the last",
    ),
    columns,
  ),
});

/** @throws BadRequestError if only one of following_uid and following_ob is given */
function pageOf({ following_uid, following_ob, ...page }: Query): Page {
  if (following_uid === undefined && following_ob === undefined) return page;
  if (following_uid === undefined || following_ob === undefined) {
    throw new BadRequestError("following_uid and following_ob must be given together");
  }
  return { ...page, following: { uid: following_uid, value: following_ob } };
}

/** The query for the page after this row. */
const queryAfter = (last: z.infer<typeof row>, query: Query) =>
  new URLSearchParams({
    ...(query.year.last ? { year: yearsText(query.year) } : {}),
    ...(query.bid ? { bid: String(query.bid) } : {}),
    order: query.order,
    order_by: query.order_by,
    limit: String(query.limit),
    following_uid: String(last.User.uid),
    following_ob: String(last[query.order_by]),
  });

export const posterStatsRoute = ({ sql, basePath }: Deps) =>
  router().openapi(route, async (c) => {
    const query = c.req.valid("query");
    const { rows, hasMore } = await findPosterStats(sql, query, pageOf(query));
    if (query.csv) return sendCsv(c, "users", columns, rows.map(flat));
    const last = rows.at(-1);
    if (!hasMore || !last) return c.json({ rows }, 200);
    return c.json({ rows, next: `${basePath}/api/poster-stats?${queryAfter(last, query)}` }, 200);
  });
