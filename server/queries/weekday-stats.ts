import type { Selection, Sql } from "./context.ts";
import { type Aggregate, withAverage } from "./year-over-year-stats.ts";

/** Weekdays with posts, Monday ("1") first. */
export async function weekdayStats(sql: Sql, { year, bid }: Selection) {
  const rows = await sql<(Aggregate & { weekday: number })[]>`
    select weekday, post_count, edit_count, posts_length, threads_created, active_users
    from baked.weekday_stats where year = ${year} and bid = ${bid}
    order by weekday`;
  return rows.map((row) => ({ ...withAverage(row), weekday: String(row.weekday) }));
}
