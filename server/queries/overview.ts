import { daysOf, type Selection, type Sql } from "./context.ts";
import { type Aggregate, withAverage } from "./year-over-year-stats.ts";

/** Numbers of the whole selection; undefined without posts. */
export async function totals(sql: Sql, { year, bid }: Selection) {
  const [row] = await sql<Aggregate[]>`
    select post_count, edit_count, posts_length, threads_created, active_users
    from baked.yearly_stats where year = ${year} and bid = ${bid}`;
  return row && withAverage(row);
}

/** First and last day with posts, and the days that have the most of something, of equals the first; undefined without posts. */
export async function dayRecords(sql: Sql, { year, bid }: Selection) {
  const [first, last] = daysOf(year);
  const [row] = await sql<
    {
      first_day: string;
      last_day: string;
      days: number;
      most_posts: { day: string; count: number };
      most_users: { day: string; count: number };
      most_threads: { day: string; count: number };
    }[]
  >`
    with days as materialized (
      select day, post_count, active_users, threads_created
      from baked.daily_stats where bid = ${bid} and day between ${first}::date and ${last}::date
    ), most as (
      select max(post_count) as posts, max(active_users) as users, max(threads_created) as threads from days
    )
    select min(day) as first_day, max(day) as last_day, count(*)::int as days,
           jsonb_build_object('day', min(day) filter (where post_count = posts), 'count', posts) as most_posts,
           jsonb_build_object('day', min(day) filter (where active_users = users), 'count', users) as most_users,
           jsonb_build_object('day', min(day) filter (where threads_created = threads), 'count', threads) as most_threads
    from days, most
    group by posts, users, threads`;
  return row;
}

/** The thread that had the most posts on one day; of equals the first. */
export async function busiestThread(sql: Sql, { year, bid }: Selection) {
  const [first, last] = daysOf(year);
  const [row] = await sql<{ tid: number; title: string; subtitle: string; day: string; post_count: number }[]>`
    select t.tid, t.title, t.subtitle, d.day, d.post_count
    from (
      select tids[1] as tid, day, post_counts[1] as post_count from baked.daily_threads
      where bid = ${bid} and day between ${first}::date and ${last}::date
      order by post_count desc, day limit 1
    ) d join baked.threads t using (tid)`;
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
