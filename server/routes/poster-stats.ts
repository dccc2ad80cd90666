import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv, user } from "./answers.ts";
import { BadRequest } from "../http/errors.ts";
import { bid, choice, limit, uid, year } from "./params.ts";
import { orderColumns, posterStats } from "../queries/poster-stats.ts";
import { csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const columns = ["uid", "name", ...orderColumns] as const;

const row = z.object({
  User: user,
  post_count: count,
  edit_count: count,
  threads_created: count,
  quoted_count: count,
  quotes_count: count,
  avg_post_length: count,
});

const query = z.object({
  year,
  bid,
  limit,
  ...csvParameters,
  order: choice(["desc", "asc"], "direction").default("desc"),
  order_by: choice(orderColumns, "sort column").default("post_count"),
  following_uid: uid.optional().openapi({ description: "user of the last row the client has" }),
  following_ob: z
    .string()
    .regex(/^[+-]?\d{1,15}(\.\d{1,15})?$/, { message: "must be a number" })
    .transform(Number)
    .optional()
    .openapi({
      type: "number",
      description: "value of order_by in that row",
    }),
});

const route = createRoute({
  method: "get",
  path: "/api/poster-stats",
  summary: "Users with posts in the selection, sorted and paged",
  request: { query },
  responses: orCsv(
    answers(
      z.object({ rows: z.array(row), next: z.string().optional() }),
      "users; `next` is the address of the next page, absent on the last one",
    ),
    columns,
  ),
});

export const posterStatsRoute = ({ sql, basePath }: Deps) =>
  router().openapi(route, async (c) => {
    const asked = c.req.valid("query");
    const { order, order_by, limit: size, following_uid, following_ob } = asked;
    if ((following_uid === undefined) !== (following_ob === undefined)) {
      throw new BadRequest("give both of following_uid and following_ob, or none");
    }
    const following =
      following_uid === undefined || following_ob === undefined
        ? undefined
        : { uid: following_uid, value: following_ob };
    const { rows, more } = await posterStats(sql, asked, { order, order_by, limit: size, following });
    if (asked.csv) {
      const table = rows.map((shown) => [
        shown.User.uid,
        shown.User.name,
        ...orderColumns.map((column) => shown[column]),
      ]);
      return sendCsv(c, "users", columns, table);
    }
    const last = rows.at(-1);
    if (!more || !last) return c.json({ rows }, 200);
    const next = new URLSearchParams({
      ...(asked.year ? { year: String(asked.year) } : {}),
      ...(asked.bid ? { bid: String(asked.bid) } : {}),
      order,
      order_by,
      limit: String(size),
      following_uid: String(last.User.uid),
      following_ob: String(last[order_by]),
    });
    return c.json({ rows, next: `${basePath}/api/poster-stats?${next}` }, 200);
  });
