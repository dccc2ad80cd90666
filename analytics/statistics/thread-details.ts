import * as baked from "@potstats/db/baked";
import { changedThreads } from "../inputs/changed-threads.ts";
import { countedPosts } from "../inputs/counted-posts.ts";
import { quotes } from "../inputs/quotes.ts";
import { same, statistic } from "../statistic.ts";

const maxUsers = 20;
const maxQuoted = 10;
const rank = (value: string, id: string) =>
  `row_number() over (partition by tid order by ${value} desc, ${id}) as rank`;

/** Per thread: how many posts when, by whom, and which are quoted. */
export const threadDetails = statistic(baked.threadDetails, {
  needs: { countedPosts, quotes },
  columns: {
    ...same("tid", "days", "day_post_counts", "busiest_day_post_count", "uids", "user_post_counts"),
    busiest_day: "days[array_position(day_post_counts, busiest_day_post_count)]",
    quoted_pids: "coalesce(quoted_pids, '{}')",
    quoted_counts: "coalesce(quoted_counts, '{}')",
  },
  from: (sources) => `(
    select tid, array_agg(day order by day) as days, array_agg(post_count order by day) as day_post_counts,
           max(post_count) as busiest_day_post_count
    from (select tid, day, count(*)::int as post_count from ${sources.countedPosts} group by tid, day) of_day
    group by tid
  ) timeline
  join (
    select tid, array_agg(uid order by rank) as uids, array_agg(post_count order by rank) as user_post_counts
    from (
      select tid, uid, post_count, ${rank("post_count", "uid")}
      from (select tid, uid, count(*)::int as post_count from ${sources.countedPosts} group by tid, uid) of_user
    ) ranked
    where rank <= ${maxUsers} group by tid
  ) users using (tid)
  left join (
    select tid, array_agg(pid order by rank) as quoted_pids, array_agg(quoted_count order by rank) as quoted_counts
    from (
      select tid, pid, quoted_count, ${rank("quoted_count", "pid")}
      from (
        select quoted_tid as tid, quoted_pid as pid, sum(sign)::int as quoted_count
        from ${sources.quotes} group by quoted_tid, quoted_pid
      ) of_post
    ) ranked
    where rank <= ${maxQuoted} group by tid
  ) quoted using (tid)`,
  maintain: { recompute: "tid", changed: changedThreads },
  startEarly: true,
});
