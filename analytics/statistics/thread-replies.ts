import * as baked from "@potstats/db/baked";
import { selected, selections } from "../inputs/sql.ts";
import { recompute } from "../maintain.ts";
import { type Declared, statistic, type Steps } from "../statistic.ts";
import { threadStats } from "./thread-stats.ts";

/** The smallest value that at least this share of the threads do not exceed; NULL values do not count. */
const percentile = (share: number, column: string) => `percentile_disc(${share}) within group (order by ${column})`;

/** Per opening year × board: how soon threads are answered, and how long they live. */
export const threadReplies = statistic(baked.threadReplies, {
  needs: { threadStats },
  columns: {
    ...selected,
    threads: "count(*)",
    unanswered: "count(*) filter (where first_reply_s is null)",
    first_reply_p50_s: percentile(0.5, "first_reply_s"),
    first_reply_p90_s: percentile(0.9, "first_reply_s"),
    lifetime_p50_s: percentile(0.5, "lifetime_s"),
    lifetime_p90_s: percentile(0.9, "lifetime_s"),
  },
  from: (sources) => `${sources.threadStats} group by ${selections()} having count(*) > 0`,
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
