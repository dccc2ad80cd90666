/** One user in a selection: numbers, days, hours, quotes. */
import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv, user } from "./answers.ts";
import { BadRequest } from "../http/errors.ts";
import { bid, choice, limit, uid, year } from "./params.ts";
import type { Sql } from "../queries/context.ts";
import { userByUid } from "../queries/poster-development.ts";
import { userBoards, userDays, userHours, userProfile, userQuotes, userStats } from "../queries/user.ts";
import { cells, csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";
import { weekday } from "./weekday-stats.ts";

const query = z.object({ uid, year, bid });

/** @throws BadRequest for a user nobody knows */
async function known(sql: Sql, wanted: number) {
  const found = await userByUid(sql, wanted);
  if (!found) throw new BadRequest(`there is no user ${wanted}`);
  return found;
}

const wallClock = z.string().nullable().openapi({ description: "as the profile page shows it, without a time zone" });

const profile = z.object({
  registered: wallClock,
  last_seen: wallClock,
  online_status: z.string().nullable(),
  account_state: z.string().nullable(),
  locked_until: z.string().nullable(),
  tier: z.string().nullable(),
  bars: z.string().nullable(),
  avatar: z.string().nullable(),
});

const boardColumns = ["bid", "name", "post_count"] as const;

const statsRoute = createRoute({
  method: "get",
  path: "/api/user-stats",
  summary: "One user's numbers in the selection, boards and profile",
  request: { query: query.extend({ ...csvParameters }) },
  responses: orCsv(
    answers(
      z.object({
        user,
        stats: z
          .object({
            post_count: count,
            edit_count: count,
            threads_created: count,
            quoted_count: count,
            quotes_count: count,
            avg_post_length: count,
            rank: count.openapi({ description: "place by posts; equals share it" }),
          })
          .nullable(),
        boards: z.array(z.object({ bid: z.number().int(), name: z.string(), post_count: count })),
        profile: profile.nullable(),
      }),
      "stats is null without posts in the selection, profile without a profile page; as CSV: the boards",
    ),
    boardColumns,
  ),
});

const dayColumns = ["day", "post_count"] as const;

const daysRoute = createRoute({
  method: "get",
  path: "/api/user-daily-stats",
  summary: "The days on which one user posted",
  request: { query: query.extend({ ...csvParameters }) },
  responses: orCsv(
    answers(z.object({ rows: z.array(z.object({ day: z.string(), post_count: count })) }), "days with posts, in order"),
    dayColumns,
  ),
});

const hourColumns = ["weekday", "hour", "post_count"] as const;

const hoursRoute = createRoute({
  method: "get",
  path: "/api/user-hourly-stats",
  summary: "The hours of the weekdays in which one user posted",
  request: { query: query.extend({ ...csvParameters }) },
  responses: orCsv(
    answers(
      z.object({ rows: z.array(z.object({ weekday, hour: z.number().int(), post_count: count })) }),
      "hours with posts, by weekday",
    ),
    hourColumns,
  ),
});

const quoteColumns = ["uid", "name", "count"] as const;

const quotesRoute = createRoute({
  method: "get",
  path: "/api/user-quotes",
  summary: "Whom one user quotes, or who quotes this user",
  request: {
    query: query.extend({
      direction: choice(["quoting", "quoted_by"], "whom the user quotes, or who quotes the user").default("quoting"),
      limit,
      ...csvParameters,
    }),
  },
  responses: orCsv(
    answers(z.object({ rows: z.array(z.object({ User: user, count })) }), "the others, the most quotes first"),
    quoteColumns,
  ),
});

export const userRoutes = ({ sql }: Deps) =>
  router()
    .openapi(statsRoute, async (c) => {
      const asked = c.req.valid("query");
      const [found, stats, boards, profileOf] = await Promise.all([
        known(sql, asked.uid),
        userStats(sql, asked),
        userBoards(sql, asked),
        userProfile(sql, asked.uid),
      ]);
      return asked.csv
        ? sendCsv(c, `user-boards-${asked.uid}`, boardColumns, cells(boards, boardColumns))
        : c.json({ user: found, stats: stats ?? null, boards, profile: profileOf }, 200);
    })
    .openapi(daysRoute, async (c) => {
      const asked = c.req.valid("query");
      const [, rows] = await Promise.all([known(sql, asked.uid), userDays(sql, asked)]);
      return asked.csv
        ? sendCsv(c, `user-days-${asked.uid}`, dayColumns, cells(rows, dayColumns))
        : c.json({ rows }, 200);
    })
    .openapi(hoursRoute, async (c) => {
      const asked = c.req.valid("query");
      const [, rows] = await Promise.all([known(sql, asked.uid), userHours(sql, asked)]);
      return asked.csv
        ? sendCsv(c, `user-hours-${asked.uid}`, hourColumns, cells(rows, hourColumns))
        : c.json({ rows }, 200);
    })
    .openapi(quotesRoute, async (c) => {
      const asked = c.req.valid("query");
      const [, rows] = await Promise.all([known(sql, asked.uid), userQuotes(sql, asked)]);
      if (!asked.csv) return c.json({ rows }, 200);
      const table = rows.map(({ User, count: n }) => [User.uid, User.name, n]);
      return sendCsv(c, `user-${asked.direction}-${asked.uid}`, quoteColumns, table);
    });
