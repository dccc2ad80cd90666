/** Everything about one user. */
import { daysOf, type Selection, type Sql, type UserColumns, userOf } from "./context.ts";

export interface OfUser extends Selection {
  uid: number;
}

/** Numbers of a user in the selection, and the place by posts; undefined without posts in it. */
export async function userStats(sql: Sql, { uid, year, bid }: OfUser) {
  const [row] = await sql<
    {
      post_count: number;
      edit_count: number;
      threads_created: number;
      quoted_count: number;
      quotes_count: number;
      avg_post_length: number;
      rank: number;
    }[]
  >`
    select s.post_count, s.edit_count, s.threads_created, s.quoted_count, s.quotes_count, s.avg_post_length,
           1 + (select count(*) from baked.poster_stats more
                where more.year = s.year and more.bid = s.bid and more.post_count > s.post_count)::int as rank
    from baked.poster_stats s
    where s.year = ${year} and s.bid = ${bid} and s.uid = ${uid}`;
  return row;
}

/** Boards a user posts in, the most posts first. */
export async function userBoards(sql: Sql, { uid, year }: OfUser) {
  const rows = await sql<{ bid: number; name: string; post_count: number }[]>`
    select b.bid, b.name, s.post_count
    from baked.poster_stats s join baked.boards b using (bid)
    where s.uid = ${uid} and s.year = ${year} and s.bid > 0
    order by s.post_count desc, b.bid`;
  return [...rows];
}

interface ProfileRow {
  registered: Date | null;
  last_seen: Date | null;
  online_status: string | null;
  account_state: string | null;
  locked_until: string | null;
  tier: string | null;
  bars: string | null;
  avatar: string | null;
}

/** A wall-clock time as the profile page shows it: without a zone. */
const wallClock = (time: Date | null) => time?.toISOString().slice(0, 19) ?? null;

/** What the profile page said; null for users without one. */
export async function userProfile(sql: Sql, uid: number) {
  const [row] = await sql<ProfileRow[]>`
    select u.registered, u.last_seen, u.online_status, u.account_state::text, u.locked_until,
           t.name as tier, t.bars, a.path as avatar
    from public.users u left join public.user_tiers t using (tied) left join public.avatars a using (avid)
    where u.uid = ${uid} and u.user_profile_exists`;
  return row ? { ...row, registered: wallClock(row.registered), last_seen: wallClock(row.last_seen) } : null;
}

/** Days on which a user posted, in order. The user's boards are named, so that each of them is looked up. */
export async function userDays(sql: Sql, { uid, year, bid }: OfUser) {
  const [first, last] = daysOf(year);
  const boards =
    bid === 0
      ? sql`any(array(select bid from baked.poster_stats where uid = ${uid} and year = ${year} and bid > 0))`
      : sql`${bid}`;
  const rows = await sql<{ day: string; post_count: number }[]>`
    select day, sum(post_count)::int as post_count
    from baked.user_days
    where uid = ${uid} and bid = ${boards} and day between ${first}::date and ${last}::date
    group by day order by day`;
  return [...rows];
}

/** Hours in which a user posted, by weekday, Monday ("1") first. Of a board in all years, its years are named likewise. */
export async function userHours(sql: Sql, { uid, year, bid }: OfUser) {
  const inYear =
    year > 0
      ? sql`and year = ${year}`
      : bid > 0
        ? sql`and year = any(array(select year from baked.poster_stats where uid = ${uid} and bid = ${bid} and year > 0))`
        : sql``;
  const rows = await sql<{ weekday: number; hour: number; post_count: number }[]>`
    select of_week / 24 + 1 as weekday, of_week % 24 as hour, sum(count)::int as post_count
    from baked.user_hours, unnest(hours, post_counts) as posts (of_week, count)
    where uid = ${uid} ${inYear} ${bid > 0 ? sql`and bid = ${bid}` : sql``}
    group by of_week order by of_week`;
  return rows.map((row) => ({ ...row, weekday: String(row.weekday) }));
}

/** Whom a user quotes, or who quotes the user; the most first. */
export async function userQuotes(
  sql: Sql,
  { uid, year, bid, direction, limit }: OfUser & { direction: "quoting" | "quoted_by"; limit: number },
) {
  const [own, other] =
    direction === "quoting" ? [sql`quoter_uid`, sql`quoted_uid`] : [sql`quoted_uid`, sql`quoter_uid`];
  const rows = await sql<(UserColumns & { count: number })[]>`
    select u.uid, u.name, u.aliases, edge.count
    from (
      select ${other} as uid, count from baked.quote_graph
      where ${own} = ${uid} and year = ${year} and bid = ${bid}
      order by count desc, ${other} limit ${limit}
    ) edge join baked.users u using (uid)
    order by edge.count desc, u.uid`;
  return rows.map(({ count, ...user }) => ({ User: userOf(user), count }));
}
