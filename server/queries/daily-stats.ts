import { dailyStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { and, eq, gte, lt } from "drizzle-orm";
import { boardsOfUser, type Counts, countColumns, daysOf, type Selection, type Sql, withAverage } from "./selection.ts";
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

/** A user's days. Raw SQL for the sums over boards. */
async function daysOfUser(sql: Sql, selection: Selection & { uid: number }) {
  const { firstDay, endDay } = daysOf(selection.year);
  return await sql<(Row<typeof dailyStats, "day"> & Counts)[]>`
    select day, sum(post_count)::int as post_count, sum(edit_count)::bigint as edit_count,
           sum(posts_length)::bigint as posts_length, sum(threads_created)::int as threads_created, 1 as active_users
    from baked.user_days
    where uid = ${selection.uid} and bid = ${boardsOfUser(sql, selection)}
      and day >= ${firstDay}::date and day < ${endDay}::date
    group by day order by day`;
}

interface DailySelection {
  year: number;
  bid: number;
  uid?: number | undefined;
  statistic: Statistic;
}

/** One statistic for each day with posts in a year, ascending; of one user, or of all. */
export async function findDailyStats(sql: Sql, { year, bid, uid, statistic }: DailySelection) {
  const selection = { year: { first: year, last: year }, bid };
  const rows =
    uid === undefined
      ? await days(sql, { bid, ...daysOf(selection.year) })
      : await daysOfUser(sql, { ...selection, uid });
  return rows.map((row) => ({ day: row.day, value: withAverage(row)[statistic] }));
}
