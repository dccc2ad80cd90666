import { yearlyStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { and, between, eq } from "drizzle-orm";
import { type Counts, countColumns, type OptionalUserSelection, type Sql, withAverage } from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

interface Span {
  bid: number;
  first: number;
  last: number;
}

const yearsOfAll = prepared((db, { first, last, bid }: Placeholders<Span>) =>
  db
    .select(pick(yearlyStats, "year", ...countColumns))
    .from(yearlyStats)
    .where(and(eq(yearlyStats.bid, bid), between(yearlyStats.year, first, last)))
    .orderBy(yearlyStats.year),
);

/** A user's years. Raw SQL for the constant. */
const yearsOfUser = (sql: Sql, { uid, bid, first, last }: Span & { uid: number }) => sql<
  (Row<typeof yearlyStats, "year"> & Counts)[]
>`
  select year, post_count, edit_count, posts_length, threads_created, 1 as active_users
  from baked.poster_stats
  where uid = ${uid} and bid = ${bid} and year between ${first} and ${last}
  order by year`;

/** Years of the selection that have posts, ascending; of one user, or of all. */
export async function findYearOverYearStats(sql: Sql, { year, bid, uid }: OptionalUserSelection) {
  const span = { bid, first: year.first || 1, last: year.last || 9999 };
  const rows = await (uid === undefined ? yearsOfAll(sql, span) : yearsOfUser(sql, { uid, ...span }));
  return rows.map(withAverage);
}
