import type { hourlyStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { anyYear, isRange, type OptionalUserSelection, type Selection, type Sql } from "./selection.ts";
import { findUserHourlyStats } from "./user-hourly-stats.ts";

/** Distinct users of several years are not known: they do not add up. */
type HourRow = Row<typeof hourlyStats, "weekday" | "hour" | "post_count"> & { active_users: number | null };

/** Raw SQL for the sums over several years. */
async function hoursOfAll(sql: Sql, { year, bid }: Selection) {
  const rows = await sql<HourRow[]>`
    select weekday, hour, sum(post_count)::int as post_count,
           ${isRange(year) ? sql`null` : sql`sum(active_users)::int`} as active_users
    from baked.hourly_stats
    where year = ${anyYear(sql, year)} and bid = ${bid}
    group by weekday, hour order by weekday, hour`;
  return rows.map((row) => ({ ...row, weekday: String(row.weekday) }));
}

/** Hours with posts, by weekday, Monday ("1") first; of one user, or of all. */
export async function findHourlyStats(sql: Sql, { uid, ...selection }: OptionalUserSelection) {
  if (uid === undefined) return await hoursOfAll(sql, selection);
  const rows = await findUserHourlyStats(sql, { uid, ...selection });
  return rows.map((row) => ({ ...row, active_users: 1 }));
}
