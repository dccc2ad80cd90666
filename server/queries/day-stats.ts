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
    select t.tid, t.title, t.subtitle, d.post_count
    from baked.daily_threads d join baked.threads t using (tid)
    where d.bid = ${bid} and d.rank = any('{1,2,3,4,5}') and d.day = ${day}::date
    order by d.rank`;
  return rows.map(({ post_count, ...thread }) => ({ thread, post_count }));
}
