import { yearlyStats } from "@potstats/db/baked";
import { and, eq, gt } from "drizzle-orm";
import type { Selection } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

/** Years with posts in a board (0: all), ascending. */
export const findYears = prepared((db, { bid }: Placeholders<Pick<Selection, "bid">>) =>
  db
    .select(pick(yearlyStats, "year", "post_count"))
    .from(yearlyStats)
    .where(and(eq(yearlyStats.bid, bid), gt(yearlyStats.year, 0)))
    .orderBy(yearlyStats.year),
);
