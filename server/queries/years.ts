import { yearlyStats as table } from "@potstats/db/baked";
import { and, eq, gt } from "drizzle-orm";
import type { Selection } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

/** Years with posts in a board (0: all), ascending. */
export const years = prepared((db, { bid }: Placeholders<Pick<Selection, "bid">>) =>
  db
    .select(pick(table, "year", "post_count"))
    .from(table)
    .where(and(eq(table.bid, bid), gt(table.year, 0)))
    .orderBy(table.year),
);
