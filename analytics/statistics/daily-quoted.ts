import * as baked from "@potstats/db/baked";
import { quotes } from "../inputs/quotes.ts";
import { packed, packedId, packedValue } from "../records.ts";
import { statistic } from "../statistic.ts";

/** Of the posts written on a day, the one that most posts quote, per board and over all boards. */
export const dailyQuoted = statistic(baked.dailyQuoted, {
  needs: { quotes },
  columns: { bid: "bid", day: "day", pid: packedId("best"), quoted_count: packedValue("best") },
  from: (sources) => `(
    with of_board as materialized (
      select quoted_bid as bid, quoted_day as day, max(${packed("quoted_count", "quoted_pid")}) as best
      from (
        select quoted_pid, quoted_bid, quoted_day, count(*) as quoted_count
        from ${sources.quotes} group by quoted_pid, quoted_bid, quoted_day
      ) of_post
      group by quoted_bid, quoted_day
    )
    select bid, day, best from of_board
    union all
    select 0, day, max(best) from of_board group by day
  ) of_selection
  order by bid, day`,
  maintain: {
    recompute: "day",
    changed: (changes) => `
      select distinct quoted_day as day
      from (
        select quoted_day from ${changes.quotes} group by quoted_day, quoted_bid, pid, quoted_pid having sum(sign) <> 0
      ) gained_or_lost`,
  },
});
