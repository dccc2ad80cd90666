import { yearlyStats } from "@potstats/db/baked";
import { and, eq, gt, or, sql as raw } from "drizzle-orm";
import { countColumns, type Selection, type Sql, withAverage } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

const years = prepared((db, { year, bid }: Placeholders<Selection>) =>
  db
    .select(pick(yearlyStats, "year", ...countColumns))
    .from(yearlyStats)
    .where(and(eq(yearlyStats.bid, bid), gt(yearlyStats.year, 0), or(raw`${year} = 0`, eq(yearlyStats.year, year))))
    .orderBy(yearlyStats.year),
);

/** Years with posts, ascending; only one if the selection names it. */
export async function findYearOverYearStats(sql: Sql, { year, bid }: Selection) {
  const rows = await years(sql, { year, bid });
  return rows.map(withAverage);
}
