/** What two users have in common. Raw SQL for ranks, `unnest` and optional rows. */
import { quotePairs } from "@potstats/db/baked";
import type { boards, threads } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { and, eq } from "drizzle-orm";
import { pick, type Placeholders, prepared } from "./prepared.ts";
import type { Sql } from "./selection.ts";
import { findPosts } from "./thread.ts";
import type { User } from "./user.ts";
import { findUserHourlyStats } from "./user-hourly-stats.ts";

/** Shown of the threads that both wrote in. */
const maxThreads = 10;

/** Two users by uid; `user` is the first one asked for. */
export interface Pair {
  user: number;
  with: number;
}

interface Direction {
  quoter_uid: number;
  quoted_uid: number;
}

/** A number for each of the two. */
type Both = Record<keyof Pair, number>;

const firstAndLast = prepared((db, { quoter_uid, quoted_uid }: Placeholders<Direction>) =>
  db
    .select(pick(quotePairs, "first_pid", "first_quoted_pid", "last_pid", "last_quoted_pid"))
    .from(quotePairs)
    .where(and(eq(quotePairs.quoter_uid, quoter_uid), eq(quotePairs.quoted_uid, quoted_uid))),
);

/** The first and the last quote, with both posts; null if there is none. */
async function findQuotes(sql: Sql, direction: Direction) {
  const [row] = await firstAndLast(sql, direction);
  if (!row) return { first_quote: null, last_quote: null };
  const { first_pid, first_quoted_pid, last_pid, last_quoted_pid } = row;
  const postBy = await findPosts(sql, [first_pid, first_quoted_pid, last_pid, last_quoted_pid]);
  const shown = (quoting: ReturnType<typeof postBy>, quoted: ReturnType<typeof postBy>) =>
    quoting && quoted && { quoting, quoted };
  return {
    first_quote: shown(postBy(first_pid), postBy(first_quoted_pid)),
    last_quote: shown(postBy(last_pid), postBy(last_quoted_pid)),
  };
}

/** How often the one quotes the other, and the quoted one's place among all whom the quoter quotes: equals share it. */
async function findQuoteCount(sql: Sql, { quoter_uid, quoted_uid }: Direction) {
  const [row] = await sql<{ count: number; place: number }[]>`
    select count, 1 + (
      select count(*) from baked.quote_graph more
      where more.quoter_uid = edge.quoter_uid and more.year = 0 and more.bid = 0 and more.count > edge.count
    )::int as place
    from baked.quote_graph edge
    where quoter_uid = ${quoter_uid} and quoted_uid = ${quoted_uid} and year = 0 and bid = 0`;
  return row ?? { count: 0, place: null };
}

/** Quotes each way in the years that have any, ascending. */
async function findQuoteYears(sql: Sql, pair: Pair) {
  const edges = (quoter: number, quoted: number) => sql`
    select year, count from baked.quote_graph
    where quoter_uid = ${quoter} and quoted_uid = ${quoted} and year > 0 and bid = 0`;
  const rows = await sql<({ year: number } & Both)[]>`
    select year, coalesce(one.count, 0) as user, coalesce(other.count, 0) as with
    from (${edges(pair.user, pair.with)}) one full join (${edges(pair.with, pair.user)}) other using (year)
    order by year`;
  return [...rows];
}

/** Boards where both have posts, by the smaller of the two numbers. */
async function findBoards(sql: Sql, pair: Pair) {
  const posts = (uid: number) => sql`
    select bid, post_count from baked.poster_stats where uid = ${uid} and year = 0 and bid > 0`;
  const rows = await sql<(Row<typeof boards, "bid" | "name"> & Both)[]>`
    select bid, name, one.post_count as user, other.post_count as with
    from (${posts(pair.user)}) one join (${posts(pair.with)}) other using (bid) join baked.boards using (bid)
    order by least(one.post_count, other.post_count) desc, bid`;
  return [...rows];
}

type SharedThread = Row<typeof threads, "tid" | "title" | "subtitle"> & Both & { shared_threads: number };

/**
 * The threads where both wrote most, by the smaller of the two numbers, and how many there are. The work is that of
 * reading each user's arrays once.
 */
async function findThreads(sql: Sql, pair: Pair) {
  const posts = (uid: number) => sql`
    select tid, post_count
    from baked.user_threads, unnest(tids, post_counts) as thread (tid, post_count) where uid = ${uid}`;
  const rows = await sql<SharedThread[]>`
    select shared.*, title, subtitle
    from (
      select tid, one.post_count as user, other.post_count as with, count(*) over ()::int as shared_threads
      from (${posts(pair.user)}) one join (${posts(pair.with)}) other using (tid)
      order by least(one.post_count, other.post_count) desc, tid limit ${maxThreads}
    ) shared
    join baked.threads using (tid)
    order by least("user", "with") desc, tid`;
  return {
    shared_threads: rows[0]?.shared_threads ?? 0,
    threads: rows.map(({ tid, title, subtitle, user, with: other }) => ({
      thread: { tid, title, subtitle },
      user,
      with: other,
    })),
  };
}

/** Everything about two users. */
export async function findPair(sql: Sql, users: Record<keyof Pair, User>) {
  const pair: Pair = { user: users.user.uid, with: users.with.uid };
  const there = { quoter_uid: pair.user, quoted_uid: pair.with };
  const back = { quoter_uid: pair.with, quoted_uid: pair.user };
  const all = { year: { first: 0, last: 0 }, bid: 0 };
  const [quotesThere, quotesBack, firstThere, firstBack, hours, otherHours, years, ofBoards, ofThreads] =
    await Promise.all([
      findQuoteCount(sql, there),
      findQuoteCount(sql, back),
      findQuotes(sql, there),
      findQuotes(sql, back),
      findUserHourlyStats(sql, { ...all, uid: pair.user }),
      findUserHourlyStats(sql, { ...all, uid: pair.with }),
      findQuoteYears(sql, pair),
      findBoards(sql, pair),
      findThreads(sql, pair),
    ]);
  return {
    user: { user: users.user, quotes: quotesThere.count, place: quotesBack.place, ...firstThere, hours },
    with: { user: users.with, quotes: quotesBack.count, place: quotesThere.place, ...firstBack, hours: otherHours },
    years,
    boards: ofBoards,
    ...ofThreads,
  };
}
