/** What was largest in a year: each is one row. Raw SQL for a `limit` before the join, and for ranks. */
import type { boards, quoteGraph, threads, userDomains, yearStreaks } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { daysOf, type Sql } from "./selection.ts";
import { findPosts } from "./thread.ts";
import { type User, userOf } from "./user.ts";

/** A year, and either a user, a board (not 0), or neither. */
export interface RecapScope {
  year: number;
  bid: number;
  user: User | null;
}

/** The board with the most posts of the year, of the user or of all. */
export async function findFavouriteBoard(sql: Sql, { year, user }: RecapScope) {
  const counts = user ? sql`baked.poster_stats where uid = ${user.uid} and` : sql`baked.yearly_stats where`;
  const [row] = await sql<(Row<typeof boards, "bid" | "name"> & { post_count: number })[]>`
    select bid, name, post_count
    from (select bid, post_count from ${counts} year = ${year} and bid > 0) of_board join baked.boards using (bid)
    order by post_count desc, bid limit 1`;
  return row ?? null;
}

type Place = { place: number | null; before: number | null; of: number };

/** The user's place by posts in the year and in the one before, among the users with posts; equals share it. */
export async function findUserPlace(sql: Sql, { year, uid }: { year: number; uid: number }): Promise<Place> {
  const placeIn = (one: number) => sql`(
    select 1 + (
      select count(*) from baked.poster_stats more
      where more.year = s.year and more.bid = 0 and more.post_count > s.post_count
    )::int
    from baked.poster_stats s where s.uid = ${uid} and s.bid = 0 and s.year = ${one} and s.year > 0
  )`;
  const [row] = await sql<Place[]>`
    select ${placeIn(year)} as place, ${placeIn(year - 1)} as before,
           coalesce((select active_users from baked.yearly_stats where bid = 0 and year = ${year}), 0) as of`;
  return row ?? { place: null, before: null, of: 0 };
}

/** The same of a board among the boards. */
export async function findBoardPlace(sql: Sql, { year, bid }: Omit<RecapScope, "user">): Promise<Place> {
  const [row] = await sql<Place[]>`
    select min(place) filter (where year = ${year} and bid = ${bid})::int as place,
           min(place) filter (where year < ${year} and bid = ${bid})::int as before,
           (count(*) filter (where year = ${year}))::int as of
    from (
      select year, bid, rank() over (partition by year order by post_count desc) as place
      from baked.yearly_stats where bid > 0 and year > 0 and year between ${year - 1}::int and ${year}::int
    ) ranked`;
  return row ?? { place: null, before: null, of: 0 };
}

type Thread = Row<typeof threads, "tid" | "title" | "subtitle">;

/** The thread with the most posts of the selection. */
export async function findTopThread(sql: Sql, { year, bid, user }: RecapScope) {
  const top = user
    ? sql`baked.user_year_threads where uid = ${user.uid} and year = ${year}`
    : sql`baked.year_threads where bid = ${bid} and year = ${year}`;
  const [row] = await sql<(Thread & { post_count: number })[]>`
    select t.tid, t.title, t.subtitle, top.post_count from (select tid, post_count from ${top}) top
    join baked.threads t using (tid)`;
  if (!row) return null;
  const { post_count, ...thread } = row;
  return { thread, post_count };
}

/** Of the posts of the selection, the one that most posts quote. Over all users it is among those of the days. */
export async function findMostQuoted(sql: Sql, { year, bid, user }: RecapScope) {
  const { firstDay, endDay } = daysOf({ first: year, last: year });
  const quoted = user
    ? sql`baked.user_year_quoted where uid = ${user.uid} and year = ${year}`
    : sql`baked.daily_quoted where bid = ${bid} and day >= ${firstDay}::date and day < ${endDay}::date`;
  const [row] = await sql<{ pid: number; quoted_count: number }[]>`
    select pid, quoted_count from ${quoted} order by quoted_count desc, pid limit 1`;
  const post = row && (await findPosts(sql, [row.pid]))(row.pid);
  return post ? { post, quoted_count: row.quoted_count } : null;
}

/** The longest streak of a user within the year. */
export async function findLongestStreak(sql: Sql, year: number) {
  const [row] = await sql<(User & Row<typeof yearStreaks, "days"> & { from: string; to: string })[]>`
    select u.uid, u.name, u.aliases, s.days, s.from_day as from, s.from_day + s.days - 1 as to
    from baked.year_streaks s join baked.users u using (uid) where s.year = ${year}`;
  return row ? { user: userOf(row), days: row.days, from: row.from, to: row.to } : null;
}

/** Whom the user quoted most in the year, or who quoted the user most, self-quotes left out. */
export async function findQuotedMost(
  sql: Sql,
  { year, uid, direction }: { year: number; uid: number; direction: "quoting" | "quoted_by" },
) {
  const [own, other] = direction === "quoting" ? ["quoter_uid", "quoted_uid"] : ["quoted_uid", "quoter_uid"];
  const [row] = await sql<(User & Row<typeof quoteGraph, "count">)[]>`
    select u.uid, u.name, u.aliases, edge.count
    from (
      select ${sql(other)} as uid, count from baked.quote_graph
      where ${sql(own)} = ${uid} and year = ${year} and bid = 0 and ${sql(other)} <> ${uid}
      order by count desc, ${sql(other)} limit 1
    ) edge join baked.users u using (uid)`;
  return row ? { user: userOf(row), count: row.count } : null;
}

/** The domain with the most links of all kinds. */
export async function findTopDomain(sql: Sql, { year, user }: RecapScope) {
  const links = user ? sql`baked.user_domains where uid = ${user.uid} and` : sql`baked.domains where`;
  const [row] = await sql<Row<typeof userDomains, "domain" | "count">[]>`
    select domain, count from ${links} year = ${year} and type = '' order by count desc, domain limit 1`;
  return row ?? null;
}
