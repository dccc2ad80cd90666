import * as baked from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { same, statistic } from "../statistic.ts";

const listed = (value: string) => `coalesce(array_agg(${value} order by unix_s, pid) filter (where is_record), '{}')`;

/** First post, size and silences of each thread. Only what is the thread's own longest silence so far can be a record. */
export const threadFacts = statistic(baked.threadFacts, {
  needs: { countedPosts },
  columns: {
    ...same("tid", "bid", "pid", "unix_s", "post_count", "participants", "fast_count"),
    ...same("silences_s", "silence_pids", "silence_unix_s"),
  },
  from: (sources) => `(
    select tid, bid, min(pid) filter (where silence is null) as pid, opened as unix_s, count(*) as post_count,
           count(distinct uid) as participants, count(*) filter (where unix_s - opened < 86400) as fast_count,
           ${listed("silence")} as silences_s, ${listed("pid")} as silence_pids, ${listed("unix_s")} as silence_unix_s
    from (
      select *, silence > coalesce(
          max(silence) over (partition by tid order by unix_s, pid rows between unbounded preceding and 1 preceding), 0
        ) as is_record
      from (
        select tid, bid, pid, uid, unix_s, unix_s - lag(unix_s) over of_thread as silence,
               first_value(unix_s) over of_thread as opened
        from ${sources.countedPosts} window of_thread as (partition by tid order by unix_s, pid)
      ) of_post
    ) with_records
    group by tid, bid, opened
  ) of_thread`,
  maintain: {
    recompute: "tid",
    // Skips threads whose posts were only edited: looking up all posts of a thread is expensive.
    changed: (changes) => `
      select distinct tid
      from (
        select tid from ${changes.countedPosts} group by tid, bid, pid, uid, unix_s having sum(sign) <> 0
      ) gained_or_lost`,
  },
  startEarly: true,
});
