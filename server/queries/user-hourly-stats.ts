import type { Sql } from "./selection.ts";
import type { UserSelection } from "./user-stats.ts";

/**
 * Hours in which a user posted, by weekday, Monday ("1") first. For one board in all years, the user's years in it are
 * looked up first, so that the primary key (uid, year, bid) can be used. Raw SQL for `unnest` and `any(array(…))`.
 */
export async function findUserHourlyStats(sql: Sql, { uid, year, bid }: UserSelection) {
  const inYear =
    year.first > 0
      ? sql`and year between ${year.first} and ${year.last}`
      : bid > 0
        ? sql`and year = any(array(select year from baked.poster_stats where uid = ${uid} and bid = ${bid} and year > 0))`
        : sql``;
  const rows = await sql<{ weekday: number; hour: number; post_count: number }[]>`
    select hour_of_week / 24 + 1 as weekday, hour_of_week % 24 as hour, sum(count)::int as post_count
    from baked.user_hours, unnest(hours, post_counts) as posts (hour_of_week, count)
    where uid = ${uid} ${inYear} ${bid > 0 ? sql`and bid = ${bid}` : sql``}
    group by hour_of_week order by hour_of_week`;
  return rows.map((row) => ({ ...row, weekday: String(row.weekday) }));
}
