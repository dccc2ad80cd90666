import { boards as boardsTable, yearlyStats } from "@potstats/db/baked";
import { eq } from "drizzle-orm";
import type { Selection } from "./context.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

/** Boards with posts in the year (0: ever), by bid. */
export const boards = prepared((db, { year }: Placeholders<Pick<Selection, "year">>) =>
  db
    .select({
      ...pick(boardsTable, "bid", "name", "description"),
      thread_count: yearlyStats.threads_created,
      post_count: yearlyStats.post_count,
    })
    .from(boardsTable)
    .innerJoin(yearlyStats, eq(yearlyStats.bid, boardsTable.bid))
    .where(eq(yearlyStats.year, year))
    .orderBy(boardsTable.bid),
);
