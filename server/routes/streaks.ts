import { createRoute, z } from "@hono/zod-openapi";
import { findStreaks, type StreakPage, streakOrders } from "../queries/streaks.ts";
import { count, describeResponses, orNull, spanOfDays, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { followingOf, followingValue, order } from "./paging.ts";
import { choice, limit, uid } from "./params.ts";
import { csvParameters, orCsv, sendCsv } from "./table.ts";

/** A user's streaks and pauses. Without posts, everything but the user is 0 or null. */
export const streaks = z.object({
  user,
  active_days: count,
  first_day: z.string().nullable(),
  last_day: z.string().nullable(),
  longest: orNull(spanOfDays),
  running: orNull(spanOfDays).openapi({
    description: "the streak on the user's last day, if that is the last day with posts or the day before; else null",
  }),
  pause: orNull(spanOfDays),
  weeks: z.object({ weeks: count, from: z.string(), to: z.string() }).nullable(),
});
type Streaks = z.infer<typeof streaks>;

const spans = ["longest", "running", "pause"] as const;
const columns = [
  "uid",
  "name",
  "active_days",
  "first_day",
  "last_day",
  ...spans.flatMap((name) => [`${name}_days`, `${name}_from`, `${name}_to`]),
  "weeks",
  "weeks_from",
  "weeks_to",
];

const parameters = z.object({
  order_by: choice(streakOrders, "sort column; users without a value are left out").default("longest"),
  order,
  limit,
  following_uid: uid.optional().openapi({ description: "uid of the last row of the previous page" }),
  following_ob: followingValue,
  ...csvParameters,
});
type Query = z.infer<typeof parameters>;

const route = createRoute({
  method: "get",
  path: "/api/streaks",
  summary: "Users by their streaks and pauses, sorted and paged",
  "x-examples": ["limit=2", "order_by=pause&limit=2&csv"],
  request: { query: parameters },
  responses: orCsv(
    describeResponses(
      z.object({ rows: z.array(streaks), next: z.string().optional() }),
      "users with posts: days in a row with posts, days without between two of them, weeks in a row with posts; of equals the earliest. `next` is the address of the next page and absent on the last",
    ),
    columns,
  ),
});

/** @throws BadRequestError if only one of following_uid and following_ob is given */
const pageOf = ({ following_uid, following_ob, ...page }: Query): StreakPage => ({
  ...page,
  following: followingOf("following_uid", following_uid, following_ob),
});

/** The value of the sort column. */
function valueOf(row: Streaks, { order_by }: Query): number {
  if (order_by === "active_days") return row.active_days;
  return (order_by === "weeks" ? row.weeks?.weeks : row[order_by]?.days) ?? 0;
}

/** The query for the page after this row. */
const queryAfter = (last: Streaks, query: Query) =>
  new URLSearchParams({
    order_by: query.order_by,
    order: query.order,
    limit: String(query.limit),
    following_uid: String(last.user.uid),
    following_ob: String(valueOf(last, query)),
  });

/** A row of the CSV file. */
function flat({ user: { uid: id, name }, active_days, first_day, last_day, weeks, ...row }: Streaks) {
  const cells = [
    id,
    name,
    active_days,
    first_day,
    last_day,
    ...spans.flatMap((span) => [row[span]?.days, row[span]?.from, row[span]?.to]),
    weeks?.weeks,
    weeks?.from,
    weeks?.to,
  ];
  return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ""]));
}

export const streaksRoute = ({ sql, basePath }: Deps) =>
  router().openapi(route, async (c) => {
    const query = c.req.valid("query");
    const { rows, hasMore } = await findStreaks(sql, pageOf(query));
    if (query.csv) return sendCsv(c, "streaks", columns, rows.map(flat));
    const last = rows.at(-1);
    if (!hasMore || !last) return c.json({ rows }, 200);
    return c.json({ rows, next: `${basePath}/api/streaks?${queryAfter(last, query)}` }, 200);
  });
