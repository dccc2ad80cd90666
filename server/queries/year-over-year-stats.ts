import { yearlyStats as table } from "@potstats/db/baked";
import { and, eq, gt, or, sql as raw } from "drizzle-orm";
import { counts, type Selection, type Sql, withAverage } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

const years = prepared((db, { year, bid }: Placeholders<Selection>) =>
  db
    .select(pick(table, "year", ...counts))
    .from(table)
    .where(and(eq(table.bid, bid), gt(table.year, 0), or(raw`${year} = 0`, eq(table.year, year))))
    .orderBy(table.year),
);

/** Years with posts, ascending; only one if the selection names it. */
export async function yearOverYearStats(sql: Sql, { year, bid }: Selection) {
  const rows = await years(sql, { year, bid });
  return rows.map(withAverage);
}
