import * as baked from "@potstats/db/baked";
import { quotedPosts } from "../intermediates/quoted-posts.ts";
import { threadDays } from "../intermediates/thread-days.ts";
import { threadSummaries } from "../intermediates/thread-summaries.ts";
import { same, statistic } from "../statistic.ts";

const byDay = (value: string) => `array_agg(${value} order by day)`;
const byQuotes = (value: string) => `array_agg(${value} order by quoted_count desc, pid)`;

/** Per thread: how many posts when, by whom, and which are quoted. */
export const threadDetails = statistic(baked.threadDetails, {
  needs: { threadSummaries, threadDays, quotedPosts },
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
    join (
      select tid, ${byDay("day")} as days, ${byDay("post_count")} as day_post_counts,
             max(post_count) as busiest_day_post_count
      from ${sources.threadDays} group by tid
    ) timeline using (tid)
    left join (
      select tid, ${byQuotes("pid")} as quoted_pids, ${byQuotes("quoted_count")} as quoted_counts
      from ${sources.quotedPosts} group by tid
    ) quoted using (tid)`,
  maintain: { recompute: "tid" },
});
