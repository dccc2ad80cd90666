import { boards, posterStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { avatars, users, userTiers } from "@potstats/db/crawled";
import { and, desc, eq, gt } from "drizzle-orm";
import type { Selection, Sql } from "./selection.ts";
import type { PosterCounts } from "./poster-development.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

/** A user in a selection. */
export interface UserSelection extends Selection {
  uid: number;
}

/**
 * A user's counts and rank by posts in the selection; undefined if there are no posts. Raw SQL for the rank; ties share
 * it.
 */
export async function findUserStats(sql: Sql, { uid, year, bid }: UserSelection) {
  const [row] = await sql<(PosterCounts & { rank: number })[]>`
    select s.post_count, s.edit_count, s.threads_created, s.quoted_count, s.quotes_count, s.avg_post_length,
           1 + (select count(*) from baked.poster_stats more
                where more.year = s.year and more.bid = s.bid and more.post_count > s.post_count)::int as rank
    from baked.poster_stats s
    where s.year = ${year} and s.bid = ${bid} and s.uid = ${uid}`;
  return row;
}

/** Boards a user posted in, most posts first. */
export const findUserBoards = prepared((db, { uid, year }: Placeholders<Pick<UserSelection, "uid" | "year">>) =>
  db
    .select({ ...pick(boards, "bid", "name"), post_count: posterStats.post_count })
    .from(posterStats)
    .innerJoin(boards, eq(boards.bid, posterStats.bid))
    .where(and(eq(posterStats.uid, uid), eq(posterStats.year, year), gt(posterStats.bid, 0)))
    .orderBy(desc(posterStats.post_count), boards.bid),
);

const profiles = prepared((db, { uid }: Placeholders<Pick<UserSelection, "uid">>) =>
  db
    .select({
      ...pick(users, "registered", "last_seen", "online_status", "account_state", "locked_until"),
      ...pick(userTiers, "name", "bars"),
      ...pick(avatars, "path"),
    })
    .from(users)
    .leftJoin(userTiers, eq(userTiers.tied, users.tied))
    .leftJoin(avatars, eq(avatars.avid, users.avid))
    .where(and(eq(users.uid, uid), eq(users.user_profile_exists, true))),
);

/** A wall-clock time without a time zone, as on the profile page. */
const wallClock = (time: Row<typeof users>["registered"]) => time?.toISOString().slice(0, 19) ?? null;

/** The contents of the profile page; null for users without one. */
export async function findUserProfile(sql: Sql, uid: number) {
  const [row] = await profiles(sql, { uid });
  if (!row) return null;
  const { registered, last_seen, name, bars, path, ...profile } = row;
  return {
    registered: wallClock(registered),
    last_seen: wallClock(last_seen),
    ...profile,
    tier: name,
    bars,
    avatar: path,
  };
}
