import { maxStreamUsers } from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { fence, sorted, yearOf } from "../inputs/sql.ts";
import { regroupedPosts } from "./changed-threads.ts";
import { perThread } from "./intermediate.ts";

/**
 * The silences of these first posts of a thread are compared one by one. Of all later ones only those longer than the
 * longest of these can be records, and they are few.
 */
const firstPosts = 32;

/**
 * What the posts of each thread yield when they are read once, in order. The posts become arrays (`pids`, `times`,
 * `uids`), because going through an array is faster than a window function over all posts.
 *
 * The arrays in the result: users by posts, then uid, with the first and the last of their posts; silences, each longer
 * than all before, with the posts that ended them; days with posts; and the days on which the busiest users wrote.
 */
const summarize = (posts: string) => `
  select tid, bid, ${yearOf("post_days[1]")} as year, post_count, cardinality(users) as participants, uids[1] as uid,
         pids[1] as first_pid, pids[post_count] as last_pid, times[1] as opened,
         times[array_position(uids, (array_remove(uids, uids[1]))[1])] - times[1] as first_reply_s,
         times[post_count] - times[1] as lifetime_s, times[(post_count + 1) / 2] - times[1] as half_life_s,
         width_bucket(times[1] + 86399, times) as fast_count, of_users.*, of_silences.*, of_days.*, of_stream.*
  from (
    select tid, min(bid) as bid, count(*)::int as post_count,
           array_agg(pid) as pids, array_agg(unix_s) as times, array_agg(uid) as uids, array_agg(day) as post_days
    from ${sorted(`select tid, bid, pid, unix_s, uid, day from ${posts}`, "tid, unix_s, pid")} post group by tid
  ) thread
  cross join lateral (
    select array_agg(uid) as users, array_agg(post_count) as user_post_counts,
           array_agg(pids[first]) as user_first_pids, array_agg(pids[last]) as user_last_pids
    from ${sorted(
      `select uid, count(*)::int as post_count, min(at)::int as first, max(at)::int as last
      from (select unnest(uids) as uid, generate_subscripts(uids, 1) as at) post group by uid`,
      "post_count desc, uid",
    )} of_user
  ) of_users
  cross join lateral (
    select max(time - previous) as longest_s
    from (select unnest(times[:${firstPosts}]) as previous, unnest(times[2:${firstPosts + 1}]) as time) post
  ) of_first_posts
  cross join lateral (
    select coalesce(array_agg(silence), '{}') as silences_s, coalesce(array_agg(pids[at + 1]), '{}') as silence_pids,
           coalesce(array_agg(times[at + 1]), '{}') as silence_times
    from ${sorted(
      `select at, silence
      from (
        select at, silence, max(silence) over (order by at rows between unbounded preceding and 1 preceding) as former
        from (
          select at, time - previous as silence
          from (select unnest(times) as previous, unnest(times[2:]) as time, generate_subscripts(times, 1) as at) post
        ) of_post
        where at <= ${firstPosts} or silence > longest_s
      ) of_post
      /* after the last post there is none: its silence is NULL */
      where silence > coalesce(former, -1)`,
      "at",
    )} longer
  ) of_silences
  cross join lateral (
    select array_agg(day) as days, array_agg(post_count) as day_post_counts, max(post_count) as busiest_day_post_count
    from ${sorted(
      `select day, count(*)::int as post_count from (select unnest(post_days) as day) post group by day`,
      "day",
    )} of_day
  ) of_days
  cross join lateral (select users[1:${maxStreamUsers}] as busiest ${fence("sliced once per thread")}) of_busiest
  cross join lateral (
    select array_agg(uid) as stream_uids, array_agg(day) as stream_days, array_agg(post_count) as stream_post_counts
    from ${sorted(
      `select uid, day, count(*)::int as post_count
      from (select unnest(uids) as uid, unnest(post_days) as day) post
      where uid = any(busiest) group by uid, day`,
      "day, uid",
    )} of_user
  ) of_stream`;

/** A row per thread. Those of a day only tell how many posts they have on that day. */
export const threadSummaries = perThread({
  name: "thread_summaries",
  needs: [countedPosts],
  all: summarize("baked_next.counted_posts"),
  changed: summarize(regroupedPosts),
  lookUps: {
    day: (groups) => `
      select tid, bid, array[day] as days, array[count(*)::int] as day_post_counts
      from (${countedPosts.lookUp(["day"], groups)}) post group by tid, bid, day`,
  },
});
