import type { Selection, Sql } from "./context.ts";
import { type Aggregate, withAverage } from "./year-over-year-stats.ts";

/** Numbers of the whole selection; undefined without posts. */
export async function totals(sql: Sql, { year, bid }: Selection) {
  const [row] = await sql<Aggregate[]>`
    select post_count, edit_count, posts_length, threads_created, active_users
    from baked.yearly_stats where year = ${year} and bid = ${bid}`;
  return row && withAverage(row);
}

const span = (year: number): [string, string] =>
  year === 0
    ? ["0001-01-01", "9999-12-31"]
    : [`${String(year).padStart(4, "0")}-01-01`, `${String(year).padStart(4, "0")}-12-31`];

/** First and last day with posts, and the days that have the most of something; of equals the first. */
export async function dayRecords(sql: Sql, { year, bid }: Selection) {
  const [first, last] = span(year);
  const [row] = await sql<
    {
      first_day: string | null;
      last_day: string | null;
      days: number;
      most_posts: { day: string; count: number } | null;
      most_users: { day: string; count: number } | null;
      most_threads: { day: string; count: number } | null;
    }[]
  >`
    with days as materialized (
      select day, post_count, active_users, threads_created
      from baked.daily_stats where bid = ${bid} and day between ${first}::date and ${last}::date
    )
    select min(day) as first_day, max(day) as last_day, count(*)::int as days,
           (select jsonb_build_object('day', day, 'count', post_count) from days order by post_count desc, day limit 1) as most_posts,
           (select jsonb_build_object('day', day, 'count', active_users) from days order by active_users desc, day limit 1) as most_users,
           (select jsonb_build_object('day', day, 'count', threads_created) from days order by threads_created desc, day limit 1) as most_threads
    from days`;
  return row;
}

/** The thread that had the most posts on one day; of equals the first. */
export async function busiestThread(sql: Sql, { year, bid }: Selection) {
  const [first, last] = span(year);
  const [row] = await sql<{ tid: number; title: string; subtitle: string; day: string; post_count: number }[]>`
    select t.tid, t.title, t.subtitle, d.day, d.post_count
    from baked.daily_threads d join baked.threads t using (tid)
    where d.bid = ${bid} and d.rank = 1 and d.day between ${first}::date and ${last}::date
    order by d.post_count desc, d.day limit 1`;
  if (!row) return null;
  const { day, post_count, ...thread } = row;
  return { thread, day, post_count };
}

/** Years with posts, in order. */
export async function years(sql: Sql, bid: number) {
  const rows = await sql<{ year: number; post_count: number }[]>`
    select year, post_count from baked.yearly_stats where bid = ${bid} and year > 0 order by year`;
  return [...rows];
}
