import { weekdayStats as table } from "@potstats/db/baked";
import { and, eq } from "drizzle-orm";
import { counts, type Selection, type Sql, withAverage } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

const weekdays = prepared((db, { year, bid }: Placeholders<Selection>) =>
  db
    .select(pick(table, "weekday", ...counts))
    .from(table)
    .where(and(eq(table.year, year), eq(table.bid, bid)))
    .orderBy(table.weekday),
);

/** Weekdays with posts, Monday ("1") first. */
export async function weekdayStats(sql: Sql, { year, bid }: Selection) {
  const rows = await weekdays(sql, { year, bid });
  return rows.map((row) => ({ ...withAverage(row), weekday: String(row.weekday) }));
}
