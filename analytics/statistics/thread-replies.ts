import * as baked from "@potstats/db/baked";
import { selected, selections } from "../inputs/sql.ts";
import { createNext, replaceGroups } from "../maintain.ts";
import { type Declared, same, statistic, type Steps } from "../statistic.ts";
import { threadStats } from "./thread-stats.ts";

/** The smallest value that at least this share of the threads do not exceed; NULL values do not count. */
const percentile = (share: number, column: string) => `percentile_disc(${share}) within group (order by ${column})`;

/** The kinds of selections, and which threads are in a selection of that kind: each kind has its own indexes. */
const kinds = [
  { kind: "year <> 0 and bid <> 0", threads: "t.year = g.year and t.bid = g.bid" },
  { kind: "year <> 0 and bid = 0", threads: `t.year = g.year and ${baked.everyThread.ofYear}` },
  { kind: "year = 0 and bid <> 0", threads: `t.bid = g.bid and ${baked.everyThread.ofBoard}` },
  { kind: "year = 0 and bid = 0", threads: baked.everyThread.ofAll },
];

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

/** Any changed thread belongs to the selection of all threads, so values are not sorted but counted along an index. */
function recomputeSelections({ table }: Declared): Steps {
  const groups = "baked_next.changed_thread_replies";
  const changed = `
    select old_year as year, old_bid as bid from ${threadStats.changes} where old_year is not null
    union select year, bid from ${threadStats.changes} join baked.thread_stats using (tid)`;
  const ofKind = ({ kind, threads }: (typeof kinds)[number]) => {
    const value = (column: string, rank: string) => `(
      select ${column} from baked.thread_stats t where ${threads} and ${column} is not null
      order by ${column}, tid offset greatest(${rank} - 1, 0) limit 1
    )`;
    return `
      select g.year, g.bid, n.threads, n.threads - n.answered as unanswered,
             ${value("first_reply_s", "(n.answered + 1) / 2")} as first_reply_p50_s,
             ${value("first_reply_s", "(9 * n.answered + 9) / 10")} as first_reply_p90_s,
             ${value("lifetime_s", "(n.threads + 1) / 2")} as lifetime_p50_s,
             ${value("lifetime_s", "(9 * n.threads + 9) / 10")} as lifetime_p90_s
      from (select * from ${groups} where ${kind}) g
      cross join lateral (
        select count(*) as threads, count(first_reply_s) as answered from baked.thread_stats t where ${threads}
      ) n
      where n.threads > 0`;
  };
  const columns = same("year", "bid", "threads", "unanswered");
  const percentiles = same("first_reply_p50_s", "first_reply_p90_s", "lifetime_p50_s", "lifetime_p90_s");
  return {
    changes: [],
    prepare: [
      `create table ${groups} as
      select distinct selection.* from (${changed}) changed
      cross join lateral (values (year, bid), (year, 0), (0, bid), (0, 0)) selection (year, bid)`,
      `analyze ${groups}`,
      ...createNext(table, {
        columns: { ...columns, ...percentiles },
        from: `(${kinds.map(ofKind).join(" union all ")}) of_selection`,
      }),
    ],
    apply: replaceGroups(table, ["year", "bid"]),
  };
}
