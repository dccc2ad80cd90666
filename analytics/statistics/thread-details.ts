import * as baked from "@potstats/db/baked";
import { changedThreads } from "../inputs/changed-threads.ts";
import { countedPosts } from "../inputs/counted-posts.ts";
import { quotes } from "../inputs/quotes.ts";
import { same, statistic } from "../statistic.ts";

/** A thread that is active for fewer days is shown day by day, others month by month. */
const maxDays = 400;
const month = (day: string) => `(12 * date_part('year', ${day}) + date_part('month', ${day}))`;
const period = `case when last_day - first_day < ${maxDays} then day - first_day
                     else (${month("day")} - ${month("first_day")})::int end`;

const maxUsers = 20;
const maxQuoted = 10;
const rank = (value: string, id: string) =>
  `row_number() over (partition by tid order by ${value} desc, ${id}) as rank`;

/** Per thread: how many posts when, by whom, and which are quoted. */
export const threadDetails = statistic(baked.threadDetails, {
  needs: { countedPosts, quotes },
  columns: {
    ...same("tid", "first_day", "last_day", "busiest_day", "busiest_day_post_count", "periods", "period_post_counts"),
    ...same("uids", "user_post_counts"),
    quoted_pids: "coalesce(quoted_pids, '{}')",
    quoted_counts: "coalesce(quoted_counts, '{}')",
  },
  from: (sources) => `(
    select tid, first_day, last_day, busiest_day, busiest_day_post_count,
           array_agg(period order by period) as periods, array_agg(post_count order by period) as period_post_counts
    from (
      select tid, first_day, last_day, busiest_day, busiest_day_post_count, ${period} as period,
             sum(post_count)::int as post_count
      from (
        select *, min(day) over thread as first_day, max(day) over thread as last_day,
               first_value(day) over busiest_first as busiest_day,
               first_value(post_count) over busiest_first as busiest_day_post_count
        from (select tid, day, count(*)::int as post_count from ${sources.countedPosts} group by tid, day) posts_of_day
        window thread as (partition by tid), busiest_first as (partition by tid order by post_count desc, day)
      ) of_day
      group by tid, first_day, last_day, busiest_day, busiest_day_post_count, period
    ) of_period
    group by tid, first_day, last_day, busiest_day, busiest_day_post_count
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
