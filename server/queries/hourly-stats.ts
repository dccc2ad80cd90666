import { hourlyStats } from "@potstats/db/baked";
import { and, eq } from "drizzle-orm";
import type { Selection, Sql } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

const hours = prepared((db, { year, bid }: Placeholders<Selection>) =>
  db
    .select(pick(hourlyStats, "weekday", "hour", "post_count", "active_users"))
    .from(hourlyStats)
    .where(and(eq(hourlyStats.year, year), eq(hourlyStats.bid, bid)))
    .orderBy(hourlyStats.weekday, hourlyStats.hour),
);

/** Hours with posts, by weekday, Monday ("1") first. */
export async function findHourlyStats(sql: Sql, { year, bid }: Selection) {
  const rows = await hours(sql, { year, bid });
  return rows.map((row) => ({ ...row, weekday: String(row.weekday) }));
}
