import * as baked from "@potstats/db/baked";
import { quotes } from "../inputs/quotes.ts";
import { same, statistic } from "../statistic.ts";

/**
 * How often users quote each other, or themselves, in the year and board of the quoting post; over all boards, also in
 * all years. Rows are stored in the order in which those of a user are read.
 */
export const quoteGraph = statistic(baked.quoteGraph, {
  needs: { quotes },
  columns: same("year", "bid", "quoter_uid", "quoted_uid", "count"),
  // Sums of sums, because most pairs meet in few years and boards.
  from: (sources) => `(
    with of_board as materialized (
      select year, bid, quoter_uid, quoted_uid, sum(count) as count
      from ${sources.quotes} group by year, bid, quoter_uid, quoted_uid
    ),
    of_year as materialized (
      select year, quoter_uid, quoted_uid, sum(count) as count from of_board group by year, quoter_uid, quoted_uid
    )
    select year, bid, quoter_uid, quoted_uid, count from of_board
    union all
    select year, 0, quoter_uid, quoted_uid, count from of_year
    union all
    select 0, 0, quoter_uid, quoted_uid, sum(count) from of_year group by quoter_uid, quoted_uid
  ) edge
  order by quoter_uid, year, bid, quoted_uid`,
  maintain: "add",
  // Who quotes a user is found by an index-only scan: those rows are far apart in the table.
  vacuum: true,
  startEarly: true,
});
