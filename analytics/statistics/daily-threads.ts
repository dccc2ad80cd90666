import * as baked from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { threadDays } from "../intermediates/thread-days.ts";
import { same, statistic } from "../statistic.ts";

const rank = (group: string) => `row_number() over (partition by ${group} order by post_count desc, tid) as rank`;
const inOrder = (value: string) => `array_agg(${value} order by post_count desc, tid)`;

/**
 * The five busiest threads, by posts, then tid, per day × board and per day over all boards. The latter are among the
 * five of each board. Rows are stored in the order in which they are read.
 */
export const dailyThreads = statistic(baked.dailyThreads, {
  // Recomputed per day, not per thread.
  needs: { threadDays: { ...threadDays, changes: countedPosts.changes } },
  columns: same("day", "bid", "tids", "post_counts"),
  from: (sources) => `(
    with of_boards as materialized (
      select * from (
        select day, bid, tid, post_count, ${rank("day, bid")} from ${sources.threadDays}
      ) ranked
      where rank <= 5
    )
    select day, bid, ${inOrder("tid")} as tids, ${inOrder("post_count")} as post_counts from of_boards group by day, bid
    union all
    select day, 0, ${inOrder("tid")}, ${inOrder("post_count")}
    from (select day, tid, post_count, ${rank("day")} from of_boards) ranked where rank <= 5 group by day
  ) busiest
  order by bid, day`,
  maintain: {
    recompute: "day",
    // Skips days whose posts were only edited: looking up all posts of a day is expensive.
    changed: (changes) => `
      select distinct day
      from (select day from ${changes.threadDays} group by day, bid, tid having sum(sign) <> 0) gained_or_lost`,
  },
  groupBySorting: true,
  startEarly: true,
});
