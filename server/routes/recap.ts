import { createRoute, z } from "@hono/zod-openapi";
import { BadRequestError } from "../http/errors.ts";
import { findBoard } from "../queries/boards.ts";
import { findRecap } from "../queries/recap.ts";
import { count, counts, describeResponses, orNull, post, posterCounts, thread, user, weekday } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, integer, uid } from "./params.ts";
import { milestone, record, recordEntry } from "./records.ts";
import { requireUser } from "./user.ts";

const board = z.object({ bid: z.number().int(), name: z.string() });
const active_days = count.openapi({ description: "days with posts" });
const totals = z.union([z.object({ active_days, ...posterCounts }), z.object({ active_days, ...counts })]);
const quotes = z.object({ user, count }).nullable();

const response = z.object({
  year: z.number().int(),
  user: orNull(user),
  board: board.nullable(),
  totals: totals.openapi({ description: "the year's numbers; zeros without posts" }),
  before: totals.openapi({ description: "those of the year before" }),
  place: z
    .object({ place: count.nullable(), before: count.nullable(), of: count })
    .nullable()
    .openapi({ description: "of the user or board by posts, among those with posts; in the year and in that before" }),
  days: z.array(z.object({ day: z.string(), post_count: count })),
  favourite_board: board.extend({ post_count: count }).nullable(),
  favourite_hour: z.object({ hour: z.number().int(), post_count: count }).nullable(),
  favourite_weekday: z.object({ weekday, post_count: count }).nullable(),
  busiest_day: z.object({ day: z.string(), post_count: count }).nullable(),
  longest_streak: z
    .object({ user, days: count, from: z.string(), to: z.string() })
    .nullable()
    .openapi({ description: "days in a row within the year" }),
  top_thread: z.object({ thread, post_count: count }).nullable(),
  quotes_most: quotes,
  quoted_most_by: quotes,
  most_quoted: z.object({ post, quoted_count: count }).nullable(),
  top_domain: z.object({ domain: z.string(), count }).nullable(),
  records: z.array(z.object({ record, ...recordEntry })),
  milestones: z.array(milestone),
});

const route = createRoute({
  method: "get",
  path: "/api/recap",
  summary: "One year in numbers, of the forum, a board or a user",
  "x-examples": ["year=2017", "year=2017&uid=3"],
  request: {
    query: z.object({
      year: integer(1, 9999, "year in the statistics' time zone"),
      uid: uid.optional().openapi({ description: "only this user's posts; not together with bid" }),
      bid,
    }),
  },
  responses: describeResponses(
    response,
    "everything about the posts of the year; what the selection has not is null. `records` are the entries of `/api/records` of the year, with `uid` those that the user holds or held",
  ),
});

export const recapRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const query = c.req.valid("query");
    if (query.uid !== undefined && query.bid > 0)
      throw new BadRequestError("uid and bid cannot be combined: a recap is of a user or of a board");
    const [person, place] = await Promise.all([
      query.uid === undefined ? null : requireUser(sql, query.uid),
      query.bid === 0 ? null : findBoard(sql, query.bid),
    ]);
    const found = await findRecap(sql, { year: query.year, bid: query.bid, user: person });
    const ofBoard = query.bid === 0 ? null : { bid: query.bid, name: place?.name ?? "" };
    return c.json({ year: query.year, user: person, board: ofBoard, ...found }, 200);
  });
