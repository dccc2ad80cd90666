import * as baked from "@potstats/db/baked";
import { regroupedThreads } from "../intermediates/changed-threads.ts";
import { threadQuotes } from "../intermediates/thread-quotes.ts";
import { threadSummaries } from "../intermediates/thread-summaries.ts";
import { same, statistic } from "../statistic.ts";

/** Per thread: its opening, size and pace. Quotes count for the thread of the quoted post. */
export const threadStats = statistic(baked.threadStats, {
  needs: { threadSummaries, threadQuotes },
  columns: {
    ...same("tid", "bid", "year", "uid", "opened", "post_count", "participants", "first_pid", "last_pid"),
    ...same("first_reply_s", "lifetime_s", "half_life_s", "fast_count"),
    ...same("silences_s", "silence_pids", "silence_times"),
    longest_silence_s: "silences_s[cardinality(silences_s)]",
    times_quoted: "coalesce(times_quoted, 0)",
  },
  from: (sources) => `${sources.threadSummaries} left join ${sources.threadQuotes} using (tid)`,
  maintain: {
    recompute: "tid",
    // Where the thread counted before, for statistics derived from this one.
    changed: () => `
      select tid, existing.year as old_year, existing.bid as old_bid
      from ${regroupedThreads} left join baked.thread_stats existing using (tid)`,
  },
  // The last value of a page of threads is found by an index-only scan.
  vacuum: true,
});
