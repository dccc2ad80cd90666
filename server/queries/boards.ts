import { boards, yearlyStats } from "@potstats/db/baked";
import { eq } from "drizzle-orm";
import type { Selection, Sql } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

const boardsWithCounts = prepared((db, { year }: Placeholders<Pick<Selection, "year">>) =>
  db
    .select({
      ...pick(boards, "bid", "name", "description"),
      ...pick(yearlyStats, "threads_created", "post_count"),
    })
    .from(boards)
    .innerJoin(yearlyStats, eq(yearlyStats.bid, boards.bid))
    .where(eq(yearlyStats.year, year))
    .orderBy(boards.bid),
);

/** Boards with posts in the year (0: in any year), ordered by bid. */
export async function findBoards(sql: Sql, { year }: Pick<Selection, "year">) {
  const rows = await boardsWithCounts(sql, { year });
  return rows.map(({ threads_created, post_count, ...board }) => ({
    ...board,
    thread_count: threads_created,
    post_count,
  }));
}
