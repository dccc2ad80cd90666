import * as baked from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { sorted } from "../inputs/sql.ts";
import { threadSummaries } from "../intermediates/thread-summaries.ts";
import type { Source } from "../source.ts";
import { same, statistic } from "../statistic.ts";

/** Threads per day and board. */
const listed = 5;

const rank = (group: string) => `row_number() over (partition by ${group} order by post_count desc, tid) as rank`;
const arrays = "array_agg(tid) as tids, array_agg(post_count) as post_counts";

/** Threads that gained or lost posts on a day, in an incremental run. */
const changedThreads = `
  select day, bid, tid, sum(sign) as gained from ${countedPosts.changes} group by day, bid, tid having sum(sign) <> 0`;

/**
 * The threads that may be among the busiest of a day: those that are, and those that changed. Only if one that is lost
 * posts, another may take its place. Then all posts of that day are read again, which is expensive.
 */
const candidates: Source = {
  ...threadSummaries,
  lookUp: (by, groups) => `
    with changed as materialized (${changedThreads}),
    diminished as materialized (
      select distinct day from changed join baked.daily_threads existing using (day, bid)
      where gained < 0 and cardinality(tids) = ${listed} and tid = any(tids)
    )
    select tid, bid, array[day] as days, array[post_count] as day_post_counts
    from (
      select day, bid, unnest(tids) as tid, unnest(post_counts) as post_count
      from baked.daily_threads existing join ${groups} using (day) where bid <> 0
    ) of_boards
    where (day, tid) not in (select day, tid from changed) and day not in (select day from diminished)
    union all
    select tid, bid, array[day], array[day_post_counts[array_position(days, day)]]
    from (select distinct day, tid from changed) changed join baked_next.${threadSummaries.name} using (tid)
    where day = any(days) and day not in (select day from diminished)
    union all (${threadSummaries.lookUp(by, "diminished")})`,
};

/**
 * The five busiest threads, by posts, then tid, per day × board and per day over all boards. The latter are among the
 * five of each board. Rows are stored in the order in which they are read.
 */
export const dailyThreads = statistic(baked.dailyThreads, {
  needs: { candidates },
  columns: same("day", "bid", "tids", "post_counts"),
  from: (sources) => `(
    with of_boards as materialized (
      select * from (
        select day, bid, tid, post_count, ${rank("day, bid")}
        from (
          select unnest(days) as day, bid, tid, unnest(day_post_counts) as post_count from ${sources.candidates}
        ) of_thread
      ) ranked
      where rank <= ${listed}
    )
    select day, bid, ${arrays} from ${sorted("select * from of_boards", "day, bid, rank")} thread group by day, bid
    union all
    select day, 0, ${arrays}
    from ${sorted(`select * from (select day, tid, post_count, ${rank("day")} from of_boards) ranked where rank <= ${listed}`, "day, rank")} thread
    group by day
  ) busiest
  order by bid, day`,
  maintain: {
    recompute: "day",
    changed: () => `select distinct day from (${changedThreads}) changed`,
  },
});
