import type { quoteGraph } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { anyYear, isRange, type Sql } from "./selection.ts";
import { type User, userOf } from "./user.ts";
import type { UserSelection } from "./user-stats.ts";

export const directions = ["quoting", "quoted_by"] as const;

interface QuoteSelection extends UserSelection {
  direction: (typeof directions)[number];
  limit: number;
}

/** Whom a user quotes, or who quotes the user; most quotes first. Raw SQL for a `limit` before the join. */
export async function findUserQuotes(sql: Sql, { uid, year, bid, direction, limit }: QuoteSelection) {
  const [own, other] =
    direction === "quoting" ? [sql`quoter_uid`, sql`quoted_uid`] : [sql`quoted_uid`, sql`quoter_uid`];
  // Only all boards together have sums over all years.
  const years = year.first === 0 && bid !== 0 ? { first: 1, last: 9999 } : year;
  // A pair without a row for the board may have met in no other: then the row for all boards says so.
  const inBoard = bid === 0 ? sql`bid = 0` : sql`bid in (0, ${bid}) and coalesce(only_bid, bid) = ${bid}`;
  const rows = await sql<(User & Row<typeof quoteGraph, "count">)[]>`
    select u.uid, u.name, u.aliases, edge.count
    from (
      ${
        isRange(years)
          ? sql`
            select ${other} as uid, sum(count)::int as count from baked.quote_graph
            where ${own} = ${uid} and year = ${anyYear(sql, years)} and ${inBoard} group by ${other}`
          : sql`
            select ${other} as uid, count from baked.quote_graph
            where ${own} = ${uid} and year = ${years.first} and ${inBoard}`
      }
      order by count desc, ${other} limit ${limit}
    ) edge join baked.users u using (uid)
    order by edge.count desc, u.uid`;
  return rows.map((row) => ({ User: userOf(row), count: row.count }));
}
