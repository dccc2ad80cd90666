import * as baked from "@potstats/db/baked";
import { changedPosters } from "../intermediates/changed-threads.ts";
import { threadSummaries } from "../intermediates/thread-summaries.ts";
import { createNext, replaceGroups } from "../maintain.ts";
import { type Declared, resolve, same, statistic } from "../statistic.ts";
import { ifAny, type Steps } from "../steps.ts";

const inOrder = (value: string) => `array_agg(${value} order by post_count desc, tid)`;

/** What the table's row of a user and board says about each thread. */
const values = ["tid", "post_count", "first_pid", "first_time", "last_pid", "last_time"] as const;

/** Rows of a user and a thread. */
const threadsOf = (summaries: string) => `
  select thread.uid, bid, tid, thread.post_count, thread.first_pid, first_time, thread.last_pid, last_time
  from ${summaries}
  cross join lateral unnest(
    users, user_post_counts, user_first_pids, user_first_times, user_last_pids, user_last_times
  ) as thread (uid, post_count, first_pid, first_time, last_pid, last_time)`;

/** In which threads of a board each user posted: arrays of the same length, by posts, then tid. */
export const userThreads = statistic(baked.userThreads, {
  needs: { threadSummaries },
  columns: {
    ...same("uid", "bid"),
    tids: inOrder("tid"),
    post_counts: inOrder("post_count"),
    first_pids: inOrder("first_pid"),
    first_times: inOrder("first_time"),
    last_pids: inOrder("last_pid"),
    last_times: inOrder("last_time"),
  },
  from: (sources) => `(${threadsOf(sources.threadSummaries)}) of_thread group by uid, bid`,
  maintain: replaceThreads,
  groupBySorting: true,
  startEarly: true,
});

/** Replaces the changed threads within the arrays: no index finds all posts of a user in a board. */
function replaceThreads({ table, columns }: Declared): Steps {
  const groups = "baked_next.changed_user_threads";
  const pairs = "baked_next.changed_user_threads_tids";
  return {
    changes: [`create table ${pairs} as ${changedPosters}`, `analyze ${pairs}`],
    prepare: ifAny(
      [pairs],
      [
        `create table ${groups} as select distinct uid, bid from ${pairs}`,
        `analyze ${groups}`,
        ...createNext(table, {
          columns: resolve(columns),
          from: `(
          with now as materialized (${threadsOf(`baked_next.${threadSummaries.name}`)})
          select now.* from now join ${pairs} using (uid, bid, tid)
          union all
          select existing.uid, existing.bid, thread.*
          from baked.user_threads existing join ${groups} using (uid, bid),
               unnest(${values.map((value) => `existing.${value}s`).join(", ")}) as thread (${values.join(", ")})
          where not exists (
            select from ${pairs} changed
            where (changed.uid, changed.bid, changed.tid) = (existing.uid, existing.bid, thread.tid)
          )
        ) of_thread group by uid, bid`,
        }),
      ],
    ),
    apply: ifAny([pairs], replaceGroups(table, ["uid", "bid"])),
  };
}
