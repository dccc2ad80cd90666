import * as baked from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { sorted } from "../inputs/sql.ts";
import { threadSummaries } from "../intermediates/thread-summaries.ts";
import { same, statistic } from "../statistic.ts";

const rank = (group: string) => `row_number() over (partition by ${group} order by post_count desc, tid) as rank`;
const arrays = "array_agg(tid) as tids, array_agg(post_count) as post_counts";

/**
 * The five busiest threads, by posts, then tid, per day × board and per day over all boards. The latter are among the
 * five of each board. Rows are stored in the order in which they are read.
 */
export const dailyThreads = statistic(baked.dailyThreads, {
  needs: { threadSummaries },
  columns: same("day", "bid", "tids", "post_counts"),
  from: (sources) => `(
    with of_boards as materialized (
      select * from (
        select day, bid, tid, post_count, ${rank("day, bid")}
        from (
          select unnest(days) as day, bid, tid, unnest(day_post_counts) as post_count from ${sources.threadSummaries}
        ) of_thread
      ) ranked
      where rank <= 5
    )
    select day, bid, ${arrays} from ${sorted("select * from of_boards", "day, bid, rank")} thread group by day, bid
    union all
    select day, 0, ${arrays}
    from ${sorted(`select * from (select day, tid, post_count, ${rank("day")} from of_boards) ranked where rank <= 5`, "day, rank")} thread
    group by day
  ) busiest
  order by bid, day`,
  maintain: {
    recompute: "day",
    // Skips days whose posts were only edited: looking up all posts of a day is expensive.
    changed: () => `
      select distinct day
      from (select day from ${countedPosts.changes} group by day, bid, tid having sum(sign) <> 0) gained_or_lost`,
  },
});
