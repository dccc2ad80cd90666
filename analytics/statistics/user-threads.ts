import * as baked from "@potstats/db/baked";
import { changedPosters } from "../intermediates/changed-threads.ts";
import { threadSummaries } from "../intermediates/thread-summaries.ts";
import { sorted } from "../inputs/sql.ts";
import { createNext, replaceGroups } from "../maintain.ts";
import { type Declared, resolve, same, statistic } from "../statistic.ts";
import { ifAny, type Steps } from "../steps.ts";

/** What the table's row of a user and board says about each thread. */
const values = ["tid", "post_count", "first_pid", "last_pid"] as const;

/** Rows of a user and a thread. */
const threadsOf = (summaries: string) => `
  select thread.uid, bid, tid, thread.post_count, thread.first_pid, thread.last_pid
  from ${summaries}
  cross join lateral unnest(users, user_post_counts, user_first_pids, user_last_pids)
    as thread (uid, post_count, first_pid, last_pid)`;

/** Arrays of a user's threads in a board. */
const inOrder = (threads: string) => `${sorted(threads, "uid, bid, post_count desc, tid")} of_thread group by uid, bid`;

/** In which threads of a board each user posted: arrays of the same length, by posts, then tid. */
export const userThreads = statistic(baked.userThreads, {
  needs: { threadSummaries },
  columns: {
    ...same("uid", "bid"),
    tids: "array_agg(tid)",
    post_counts: "array_agg(post_count)",
    first_pids: "array_agg(first_pid)",
    last_pids: "array_agg(last_pid)",
  },
  from: (sources) => inOrder(threadsOf(sources.threadSummaries)),
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
          from: inOrder(`
          with now as materialized (${threadsOf(`baked_next.${threadSummaries.name}`)})
          select now.* from now join ${pairs} using (uid, bid, tid)
          union all
          select existing.uid, existing.bid, thread.*
          from baked.user_threads existing join ${groups} using (uid, bid),
               unnest(${values.map((value) => `existing.${value}s`).join(", ")}) as thread (${values.join(", ")})
          where not exists (
            select from ${pairs} changed
            where (changed.uid, changed.bid, changed.tid) = (existing.uid, existing.bid, thread.tid)
          )`),
        }),
      ],
    ),
    apply: ifAny([pairs], replaceGroups(table, ["uid", "bid"])),
  };
}
