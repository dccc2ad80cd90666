import * as baked from "@potstats/db/baked";
import { sorted } from "../inputs/sql.ts";
import { quotedPosts } from "../intermediates/quoted-posts.ts";
import { threadSummaries } from "../intermediates/thread-summaries.ts";
import { same, statistic } from "../statistic.ts";

/** Per thread: how many posts when, by whom, and which are quoted. */
export const threadDetails = statistic(baked.threadDetails, {
  needs: { threadSummaries, quotedPosts },
  columns: {
    ...same("tid", "days", "day_post_counts", "busiest_day_post_count"),
    ...same("stream_uids", "stream_days", "stream_post_counts"),
    busiest_day: "days[array_position(day_post_counts, busiest_day_post_count)]",
    uids: "users[1:20]",
    user_post_counts: "user_post_counts[1:20]",
    quoted_pids: "coalesce(quoted_pids, '{}')",
    quoted_counts: "coalesce(quoted_counts, '{}')",
  },
  from: (sources) => `${sources.threadSummaries}
    left join (
      select tid, array_agg(pid) as quoted_pids, array_agg(quoted_count) as quoted_counts
      from ${sorted(`select tid, pid, quoted_count from ${sources.quotedPosts}`, "tid, quoted_count desc, pid")} post
      group by tid
    ) quoted using (tid)`,
  maintain: { recompute: "tid" },
});
