import type { Sql } from "./context.ts";
import { type Aggregate, withAverage } from "./year-over-year-stats.ts";

/** One day's numbers; undefined without posts. */
export async function dayStats(sql: Sql, day: string, bid: number) {
  const [row] = await sql<Aggregate[]>`
    select post_count, edit_count, posts_length, threads_created, active_users
    from baked.daily_stats where bid = ${bid} and day = ${day}::date`;
  return row && withAverage(row);
}

/** The busiest threads of a day, at most five. */
export async function dayThreads(sql: Sql, day: string, bid: number) {
  const rows = await sql<{ tid: number; title: string; subtitle: string; post_count: number }[]>`
    select t.tid, t.title, t.subtitle, busy.post_count
    from baked.daily_threads d
    cross join lateral unnest(d.tids, d.post_counts) with ordinality as busy (tid, post_count, place)
    join baked.threads t using (tid)
    where d.bid = ${bid} and d.day = ${day}::date
    order by busy.place`;
  return rows.map(({ post_count, ...thread }) => ({ thread, post_count }));
}
