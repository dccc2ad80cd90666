import * as baked from "@potstats/db/baked";
import { quotes } from "../inputs/quotes.ts";
import { createNext, replaceGroups } from "../maintain.ts";
import { type Declared, resolve, same, statistic } from "../statistic.ts";
import type { Steps } from "../steps.ts";

const pair = "quoter_uid, quoted_uid";

/**
 * The rows of all years and pairs.
 * @param boards a query for rows (year, bid, quoter_uid, quoted_uid, count)
 * @param totals a query for rows (quoter_uid, quoted_uid, count): the sums over all years
 */
const rowsOf = (boards: string, totals: string) => `(
    with of_board as materialized (${boards}),
    of_year as materialized (
      select year, ${pair}, sum(count) as count, case count(*) when 1 then min(bid) end as only_bid
      from of_board group by year, ${pair}
    )
    select year, bid, ${pair}, of_board.count, null::int as only_bid
    from of_board join (select year, ${pair} from of_year where only_bid is null) several using (year, ${pair})
    union all
    select year, 0, ${pair}, count, only_bid from of_year
    union all
    select 0, 0, ${pair}, count, null from (${totals}) of_pair
  ) edge
  order by quoter_uid, year, bid, quoted_uid`;

/**
 * How often users quote each other, or themselves, in the year and board of the quoting post; over all boards, also in
 * all years. Rows are stored in the order in which those of a user are read.
 */
export const quoteGraph = statistic(baked.quoteGraph, {
  needs: { quotes },
  columns: same("year", "bid", "quoter_uid", "quoted_uid", "count", "only_bid"),
  // Sums of sums, because most pairs meet in few years and boards.
  from: (sources) =>
    rowsOf(
      `select year, bid, ${pair}, sum(count) as count from ${sources.quotes} group by year, bid, ${pair}`,
      `select ${pair}, sum(count) as count from of_year group by ${pair}`,
    ),
  maintain: replacePairs,
  // Who quotes a user is found by an index-only scan: those rows are far apart in the table.
  vacuum: true,
  startEarly: true,
});

/** Adds the changes to what the changed pairs have in the changed years, and to their sums over all years. */
function replacePairs({ table, columns }: Declared): Steps {
  const changed = "baked_next.changed_quote_graph_boards";
  const groups = "baked_next.changed_quote_graph";
  const existing = (which: string) => `
    select existing.year, coalesce(only_bid, bid), quoter_uid, quoted_uid, count
    from baked.quote_graph existing join ${groups} using (quoter_uid, year, quoted_uid) where ${which}`;
  const boards = `
    select year, bid, ${pair}, sum(count) as count
    from (select year, bid, ${pair}, count from ${changed} union all ${existing("coalesce(only_bid, bid) <> 0")}) of_board
    group by year, bid, ${pair} having sum(count) <> 0`;
  const totals = `
    select ${pair}, sum(count) as count
    from (select year, bid, ${pair}, count from ${changed} union all ${existing("existing.year = 0")}) of_board
    group by ${pair} having sum(count) <> 0`;
  return {
    changes: [
      `create table ${changed} as
      select year, bid, ${pair}, sum(count) as count
      from ${quotes.changes} group by year, bid, ${pair} having sum(count) <> 0`,
      `analyze ${changed}`,
      `create table ${groups} as
      select distinct quoter_uid, selected.year, quoted_uid
      from ${changed} changed cross join lateral (values (changed.year), (0)) selected (year)`,
      `analyze ${groups}`,
      ...createNext(table, { columns: resolve(columns), from: rowsOf(boards, totals) }),
    ],
    prepare: [],
    apply: replaceGroups(table, ["quoter_uid", "year", "quoted_uid"]),
  };
}
