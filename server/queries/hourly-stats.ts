import type { hourlyStats as table } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Selection, Sql } from "./context.ts";

/** Hours with posts, by weekday, Monday ("1") first. */
export async function hourlyStats(sql: Sql, { year, bid }: Selection) {
  const rows = await sql<Row<typeof table, "weekday" | "hour" | "post_count" | "active_users">[]>`
    select weekday, hour, post_count, active_users
    from baked.hourly_stats where year = ${year} and bid = ${bid}
    order by weekday, hour`;
  return rows.map((row) => ({ ...row, weekday: String(row.weekday) }));
}
