import { dailyStats, type dailyThreads, type threads } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { and, eq } from "drizzle-orm";
import { countColumns, type Sql, withAverage } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

export interface DayOfBoard {
  day: string;
  bid: number;
}

const countsOfDay = prepared((db, { day, bid }: Placeholders<DayOfBoard>) =>
  db
    .select(pick(dailyStats, ...countColumns))
    .from(dailyStats)
    .where(and(eq(dailyStats.bid, bid), eq(dailyStats.day, day))),
);

/** One day's counts; undefined if there are no posts. */
export async function findDayStats(sql: Sql, selection: DayOfBoard) {
  const [row] = await countsOfDay(sql, selection);
  return row && withAverage(row);
}

type Busiest = Row<typeof threads, "tid" | "title" | "subtitle"> & {
  post_count: Row<typeof dailyThreads>["post_counts"][number];
};

/** The busiest threads of a day, at most five. Raw SQL for `unnest`. */
export async function findBusiestThreads(sql: Sql, { day, bid }: DayOfBoard) {
  const rows = await sql<Busiest[]>`
    select t.tid, t.title, t.subtitle, busy.post_count
    from baked.daily_threads d
    cross join lateral unnest(d.tids, d.post_counts) with ordinality as busy (tid, post_count, place)
    join baked.threads t using (tid)
    where d.bid = ${bid} and d.day = ${day}::date
    order by busy.place`;
  return rows.map(({ post_count, ...thread }) => ({ thread, post_count }));
}
