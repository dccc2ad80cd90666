import type { Sql } from "./selection.ts";
import type { UserSelection } from "./user-stats.ts";

/** Hours in which a user posted, by weekday, Monday ("1") first. Raw SQL for `unnest`. */
export async function findUserHourlyStats(sql: Sql, { uid, year, bid }: UserSelection) {
  const rows = await sql<{ weekday: number; hour: number; post_count: number }[]>`
    select hour_of_week / 24 + 1 as weekday, hour_of_week % 24 as hour, sum(count)::int as post_count
    from baked.user_hours, unnest(bids, hours, post_counts) as posts (bid, hour_of_week, count)
    where uid = ${uid} ${year.first > 0 ? sql`and year between ${year.first} and ${year.last}` : sql``}
      ${bid > 0 ? sql`and bid = ${bid}` : sql``}
    group by hour_of_week order by hour_of_week`;
  return rows.map((row) => ({ ...row, weekday: String(row.weekday) }));
}
