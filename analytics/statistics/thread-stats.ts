import * as baked from "@potstats/db/baked";
import { changedThreads } from "../inputs/changed-threads.ts";
import { countedPosts } from "../inputs/counted-posts.ts";
import { quotes } from "../inputs/quotes.ts";
import { same, statistic } from "../statistic.ts";

const inOrder = (value: string) => `array_agg(${value} order by unix_s, pid)`;

/** Per thread: its opening, size and pace. Quotes count for the thread of the quoted post. */
export const threadStats = statistic(baked.threadStats, {
  needs: { countedPosts, quotes },
  columns: {
    ...same("tid", "bid", "year", "uid", "opened", "post_count", "participants", "longest_silence_s"),
    first_pid: "pids[1]",
    last_pid: "pids[post_count]",
    first_reply_s: "first_reply - opened",
    lifetime_s: "times[post_count] - opened",
    half_life_s: "times[(post_count + 1) / 2] - opened",
    silence_pid: "case when post_count > 1 then pids[array_position(silences_s, longest_silence_s)] end",
    times_quoted: "coalesce(times_quoted, 0)",
  },
  from: (sources) => `(
    select tid, min(bid) as bid, min(opening_year) as year, min(opener) as uid, min(unix_s) as opened,
           count(*)::int as post_count, count(distinct uid) as participants,
           min(unix_s) filter (where uid <> opener) as first_reply, max(silence_s) as longest_silence_s,
           ${inOrder("pid")} as pids, ${inOrder("unix_s")} as times, ${inOrder("silence_s")} as silences_s
    from (
      select tid, bid, uid, pid, unix_s, unix_s - lag(unix_s) over thread as silence_s,
             first_value(uid) over thread as opener, first_value(year) over thread as opening_year
      from ${sources.countedPosts}
      window thread as (partition by tid order by unix_s, pid)
    ) post
    group by tid
  ) thread
  left join (
    select quoted_tid as tid, sum(count) as times_quoted from ${sources.quotes} group by quoted_tid
  ) quoted using (tid)`,
  maintain: {
    recompute: "tid",
    // Where the thread counted before, for statistics derived from this one.
    changed: (changes) => `
      select tid, existing.year as old_year, existing.bid as old_bid
      from (${changedThreads(changes)}) changed left join baked.thread_stats existing using (tid)`,
  },
  startEarly: true,
});
