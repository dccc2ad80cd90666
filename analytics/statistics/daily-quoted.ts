import * as baked from "@potstats/db/baked";
import { quotes } from "../inputs/quotes.ts";
import { quotedPosts } from "../intermediates/quoted-posts.ts";
import { packed, packedId, packedValue } from "../records.ts";
import { statistic } from "../statistic.ts";

/** Of the posts written on a day, the one that most posts quote, per board and over all boards. */
export const dailyQuoted = statistic(baked.dailyQuoted, {
  // Recomputed per day, not per thread.
  needs: { quotedPosts: { ...quotedPosts, changes: quotes.changes } },
  columns: { bid: "bid", day: "day", pid: packedId("best"), quoted_count: packedValue("best") },
  from: (sources) => `(
    with of_board as materialized (
      select bid, day, max(${packed("quoted_count", "pid")}) as best from ${sources.quotedPosts} group by bid, day
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
        select quoted_day from ${changes.quotedPosts} group by quoted_day, quoted_bid, pid, quoted_pid having sum(sign) <> 0
      ) gained_or_lost`,
  },
});
