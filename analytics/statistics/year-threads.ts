import * as baked from "@potstats/db/baked";
import { mergeBests } from "../bests.ts";
import { countedPosts } from "../inputs/counted-posts.ts";
import { yearOf } from "../inputs/sql.ts";
import { regroupedPosts } from "../intermediates/changed-threads.ts";
import { packed, packedId, packedValue } from "../records.ts";
import { same, statistic } from "../statistic.ts";
import { threadDetails } from "./thread-details.ts";
import { threadStats } from "./thread-stats.ts";

/** Posts per thread and year, for the thread's board and for all boards. */
const postsPerYear = (stats: string, details: string) => `
  select year, unnest(array[bid, 0]) as bid, tid, post_count
  from (
    select ${yearOf("day")} as year, bid, tid, sum(n)::int as post_count
    from ${stats} stats join ${details} details using (tid), unnest(days, day_post_counts) as of_day (day, n)
    group by ${yearOf("day")}, bid, tid
  ) of_year`;

/** The thread with the most posts of a year; of equals that with the lowest id. */
export const yearThreads = statistic(baked.yearThreads, {
  needs: { threadStats, threadDetails },
  columns: { ...same("year", "bid"), tid: packedId("best"), post_count: packedValue("best") },
  from: (sources) => `(
    select year, bid, max(${packed("post_count", "tid")}) as best
    from (${postsPerYear(sources.threadStats, sources.threadDetails)}) of_thread group by year, bid
  ) of_selection
  order by bid, year`,
  maintain: mergeBests({
    value: "post_count",
    ties: ["tid"],
    identity: ["year", "tid"],
    changed: `
      select distinct year, tid
      from (select year, tid from ${countedPosts.changes} group by year, tid, bid having sum(sign) <> 0) gained_or_lost`,
    now: (identities) => `
      select year, unnest(array[bid, 0]) as bid, tid, post_count
      from (
        select year, min(bid) as bid, tid, count(*)::int as post_count
        from ${regroupedPosts} join ${identities} using (year, tid) group by year, tid
      ) of_year`,
    all: (groups) => `
      select of_year.* from (${postsPerYear("baked.thread_stats", "baked.thread_details")}) of_year
      join ${groups} using (year, bid)`,
  }),
});
