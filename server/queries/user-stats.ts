import type { boards, posterStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { avatars, users, userTiers } from "@potstats/db/crawled";
import { and, eq } from "drizzle-orm";
import { anyYear, isRange, type Selection, type Sql } from "./selection.ts";
import type { PosterCounts } from "./poster-development.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

/** A user in a selection. */
export interface UserSelection extends Selection {
  uid: number;
}

type Ranked = PosterCounts & { rank: number };

/**
 * A user's counts and rank by posts in the selection; undefined if there are no posts. Raw SQL for the rank; ties share
 * it.
 */
export async function findUserStats(sql: Sql, selection: UserSelection): Promise<Ranked | undefined> {
  const [row] = await (isRange(selection.year) ? statsOfYears(sql, selection) : statsOf(sql, selection));
  return row;
}

const statsOf = (sql: Sql, { uid, year, bid }: UserSelection) => sql<Ranked[]>`
  select s.post_count, s.edit_count, s.threads_created, s.quoted_count, s.quotes_count, s.avg_post_length,
         1 + (select count(*) from baked.poster_stats more
              where more.year = s.year and more.bid = s.bid and more.post_count > s.post_count)::int as rank
  from baked.poster_stats s
  where s.year = ${year.first} and s.bid = ${bid} and s.uid = ${uid}`;

/** Over several years. The time grows with the number of users, not with their posts. */
const statsOfYears = (sql: Sql, { uid, year, bid }: UserSelection) => sql<Ranked[]>`
  with own as (
    select sum(post_count) as post_count, sum(edit_count) as edit_count, sum(posts_length) as posts_length,
           sum(threads_created) as threads_created, sum(quoted_count) as quoted_count, sum(quotes_count) as quotes_count
    from baked.poster_stats where uid = ${uid} and bid = ${bid} and year = ${anyYear(sql, year)} having count(*) > 0
  )
  select post_count::int, edit_count::bigint, threads_created::int, quoted_count::int, quotes_count::int,
         div(2 * posts_length + post_count, 2 * post_count)::int as avg_post_length,
         1 + (select count(*) from (
                select from baked.poster_stats more where more.year = ${anyYear(sql, year)} and more.bid = ${bid}
                group by more.uid having sum(more.post_count) > own.post_count
              ) ahead)::int as rank
  from own`;

/** Boards a user posted in, most posts first. Raw SQL for the sums over several years. */
export async function findUserBoards(sql: Sql, { uid, year }: Pick<UserSelection, "uid" | "year">) {
  const rows = await sql<(Row<typeof boards, "bid" | "name"> & Row<typeof posterStats, "post_count">)[]>`
    select bid, name, post_count
    from (
      select bid, sum(post_count)::int as post_count
      from baked.poster_stats where uid = ${uid} and year = ${anyYear(sql, year)} and bid > 0 group by bid
    ) of_board join baked.boards using (bid)
    order by post_count desc, bid`;
  return [...rows];
}

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
