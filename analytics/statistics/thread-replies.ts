import * as baked from "@potstats/db/baked";
import { selectedColumns, selections } from "../inputs/sql.ts";
import { recompute } from "../maintain.ts";
import { type Declared, same, statistic } from "../statistic.ts";
import type { Steps } from "../steps.ts";
import { threadStats } from "./thread-stats.ts";

/** The smallest values that at least half, and 90 %, of the threads do not exceed; NULL values do not count. */
const percentiles = (column: string) => `percentile_disc(array[0.5, 0.9]) within group (order by ${column})`;

/** Per opening year × board: how soon threads are answered, and how long they live. */
export const threadReplies = statistic(baked.threadReplies, {
  needs: { threadStats },
  columns: {
    ...same("year", "bid", "threads", "unanswered"),
    first_reply_p50_s: "first_reply_s[1]",
    first_reply_p90_s: "first_reply_s[2]",
    lifetime_p50_s: "lifetime_s[1]",
    lifetime_p90_s: "lifetime_s[2]",
  },
  from: (sources) => `(
    select ${selectedColumns}, count(*) as threads, count(*) filter (where first_reply_s is null) as unanswered,
           ${percentiles("first_reply_s")} as first_reply_s, ${percentiles("lifetime_s")} as lifetime_s
    from ${sources.threadStats} group by ${selections()} having count(*) > 0
  ) of_selection`,
  maintain: recomputeSelections,
});

/** Any changed thread belongs to the selection of all threads. So they are all read, and those that differ written. */
function recomputeSelections(declared: Declared): Steps {
  const changed = `
    select old_year as year, old_bid as bid from ${threadStats.changes} where old_year is not null
    union select year, bid from ${threadStats.changes} join baked.thread_stats using (tid)`;
  const ofSelections = `select distinct selection.* from (${changed}) changed
    cross join lateral (values (year, bid), (year, 0), (0, bid), (0, 0)) selection (year, bid)`;
  const all = {
    ...threadStats,
    lookUp: () => `select * from baked.thread_stats where exists (select from baked_next.changed_thread_replies)`,
  };
  return recompute(
    { ...declared, needs: { threadStats: all } },
    { recompute: ["year", "bid"], changed: () => ofSelections },
  );
}
