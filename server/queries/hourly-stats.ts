import { hourlyStats as table } from "@potstats/db/baked";
import { and, eq } from "drizzle-orm";
import type { Selection, Sql } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

const hours = prepared((db, { year, bid }: Placeholders<Selection>) =>
  db
    .select(pick(table, "weekday", "hour", "post_count", "active_users"))
    .from(table)
    .where(and(eq(table.year, year), eq(table.bid, bid)))
    .orderBy(table.weekday, table.hour),
);

/** Hours with posts, by weekday, Monday ("1") first. */
export async function hourlyStats(sql: Sql, { year, bid }: Selection) {
  const rows = await hours(sql, { year, bid });
  return rows.map((row) => ({ ...row, weekday: String(row.weekday) }));
}
