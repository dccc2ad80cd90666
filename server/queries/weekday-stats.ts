import { weekdayStats } from "@potstats/db/baked";
import { and, eq } from "drizzle-orm";
import { countColumns, type Selection, type Sql, withAverage } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

const weekdays = prepared((db, { year, bid }: Placeholders<Selection>) =>
  db
    .select(pick(weekdayStats, "weekday", ...countColumns))
    .from(weekdayStats)
    .where(and(eq(weekdayStats.year, year), eq(weekdayStats.bid, bid)))
    .orderBy(weekdayStats.weekday),
);

/** Weekdays with posts, Monday ("1") first. */
export async function findWeekdayStats(sql: Sql, { year, bid }: Selection) {
  const rows = await weekdays(sql, { year, bid });
  return rows.map((row) => ({ ...withAverage(row), weekday: String(row.weekday) }));
}
