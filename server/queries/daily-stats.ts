import { dailyStats } from "@potstats/db/baked";
import { and, eq, gte, lt } from "drizzle-orm";
import { countColumns, daysOf, type Selection, type Sql, withAverage } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

export const statistics = ["post_count", "edit_count", "threads_created", "active_users", "avg_post_length"] as const;
export type Statistic = (typeof statistics)[number];

const days = prepared((db, { bid, firstDay, endDay }: Placeholders<{ bid: number } & ReturnType<typeof daysOf>>) =>
  db
    .select(pick(dailyStats, "day", ...countColumns))
    .from(dailyStats)
    .where(and(eq(dailyStats.bid, bid), gte(dailyStats.day, firstDay), lt(dailyStats.day, endDay)))
    .orderBy(dailyStats.day),
);

/** One statistic for each day with posts in a year, ascending. */
export async function findDailyStats(sql: Sql, { year, bid, statistic }: Selection & { statistic: Statistic }) {
  const rows = await days(sql, { bid, ...daysOf(year) });
  return rows.map((row) => ({ day: row.day, value: withAverage(row)[statistic] }));
}
