import { maxStreamUsers } from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { regroupedThreads } from "./changed-threads.ts";
import { perThread } from "./intermediate.ts";

const inOrder = (value: string) => `array_agg(${value} order by unix_s, pid)`;
const byDay = (value: string) => `array_agg(${value} order by day, uid)`;
const byPosts = (value: string) => `array_agg(${value} order by post_count desc, uid)`;

/**
 * What the posts of each thread yield when they are read once, in order. The posts become arrays (`pids`, `times`,
 * `uids`), because going through an array is faster than a window function over all posts.
 *
 * The arrays in the result: users by posts, then uid, with the first and the last of their posts; silences, each longer
 * than all before, with the posts that ended them; and the days on which the busiest users wrote.
 */
const summarize = (posts: string) => `
  select tid, bid, year, post_count, cardinality(users) as participants, uids[1] as uid,
         pids[1] as first_pid, pids[post_count] as last_pid, times[1] as opened,
         times[array_position(uids, (array_remove(uids, uids[1]))[1])] - times[1] as first_reply_s,
         times[post_count] - times[1] as lifetime_s, times[(post_count + 1) / 2] - times[1] as half_life_s,
         width_bucket(times[1] + 86399, times) as fast_count, of_users.*, of_silences.*, of_days.*
  from (
    select tid, min(bid) as bid, (${inOrder("year")})[1] as year, count(*)::int as post_count,
           ${inOrder("pid")} as pids, ${inOrder("unix_s")} as times, ${inOrder("uid")} as uids,
           ${inOrder("day")} as days
    from ${posts} group by tid
  ) thread
  cross join lateral (
    select ${byPosts("uid")} as users, ${byPosts("post_count")} as user_post_counts,
           ${byPosts("pids[first]")} as user_first_pids, ${byPosts("times[first]")} as user_first_times,
           ${byPosts("pids[last]")} as user_last_pids, ${byPosts("times[last]")} as user_last_times
    from (
      select uid, count(*)::int as post_count, min(at)::int as first, max(at)::int as last
      from unnest(uids) with ordinality as post (uid, at) group by uid
    ) of_user
  ) of_users
  cross join lateral (
    select coalesce(array_agg(silence order by at), '{}') as silences_s,
           coalesce(array_agg(pid order by at), '{}') as silence_pids,
           coalesce(array_agg(time order by at), '{}') as silence_times
    from (
      select at, pid, time, time - previous as silence,
             max(time - previous) over (order by at rows between unbounded preceding and 1 preceding) as former
      from unnest(times, pids[2:], times[2:]) with ordinality as post (previous, pid, time, at)
    ) of_post
    /* of the last post nothing follows: its silence is NULL */
    where silence > coalesce(former, -1)
  ) of_silences
  cross join lateral (
    select ${byDay("uid")} as stream_uids, ${byDay("day")} as stream_days, ${byDay("post_count")} as stream_post_counts
    from (
      select uid, day, count(*)::int as post_count from unnest(uids, days) as post (uid, day)
      where uid = any(users[1:${maxStreamUsers}]) group by uid, day
    ) of_user
  ) of_days`;

/** A row per thread. */
export const threadSummaries = perThread({
  name: "thread_summaries",
  needs: [countedPosts],
  all: summarize("baked_next.counted_posts"),
  changed: summarize(`(${countedPosts.lookUp(["tid"], regroupedThreads)}) post`),
});
