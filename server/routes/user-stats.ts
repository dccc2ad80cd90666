import { createRoute, z } from "@hono/zod-openapi";
import { findUserBoards, findUserProfile, findUserStats } from "../queries/user-stats.ts";
import { describeResponses, count, posterCounts, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { columnsOf, orCsv, sendCsv } from "./table.ts";
import { requireUser, userSelection } from "./user.ts";

const wallClock = z.string().nullable().openapi({ description: "as shown on the profile page, without a time zone" });

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

const stats = z.object({
  ...posterCounts,
  rank: count.openapi({ description: "rank by number of posts; ties share a rank" }),
});

const board = z.object({ bid: z.number().int(), name: z.string(), post_count: count });
const columns = columnsOf(board);

const route = createRoute({
  method: "get",
  path: "/api/user-stats",
  summary: "One user's statistics, boards and profile",
  "x-examples": ["uid=3&year=2017"],
  request: { query: userSelection },
  responses: orCsv(
    describeResponses(
      z.object({ user, stats: stats.nullable(), boards: z.array(board), profile: profile.nullable() }),
      "the user; `stats` is null if there are no posts in the selection, `profile` if there is no profile page. As CSV: the boards",
    ),
    columns,
  ),
});

export const userStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const [poster, counts, boards, profileOfUser] = await Promise.all([
      requireUser(sql, selection.uid),
      findUserStats(sql, selection),
      findUserBoards(sql, selection),
      findUserProfile(sql, selection.uid),
    ]);
    if (csv) return sendCsv(c, `user-boards-${poster.uid}`, columns, boards);
    return c.json({ user: poster, stats: counts ?? null, boards, profile: profileOfUser }, 200);
  });
