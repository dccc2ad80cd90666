import type { Selection, Sql } from "./context.ts";

/** Hours with posts, by weekday, Monday ("1") first. */
export async function hourlyStats(sql: Sql, { year, bid }: Selection) {
  const rows = await sql<{ weekday: number; hour: number; post_count: number; active_users: number }[]>`
    select weekday, hour, post_count, active_users
    from baked.hourly_stats where year = ${year} and bid = ${bid}
    order by weekday, hour`;
  return rows.map((row) => ({ ...row, weekday: String(row.weekday) }));
}
