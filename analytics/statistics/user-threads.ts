import * as baked from "@potstats/db/baked";
import { changedPosters } from "../inputs/changed-threads.ts";
import { countedPosts } from "../inputs/counted-posts.ts";
import { createNext, replaceGroups } from "../maintain.ts";
import { type Declared, resolve, same, statistic, type Steps } from "../statistic.ts";

const inOrder = (value: string) => `array_agg(${value} order by post_count desc, tid)`;
const byTime = (value: string) => `array_agg(${value} order by unix_s, pid)`;

/** Rows of a user and a thread. */
const threadsOf = (posts: string) => `
  select uid, bid, tid, count(*)::int as post_count, (${byTime("pid")})[1] as first_pid,
         (${byTime("pid")})[count(*)] as last_pid
  from ${posts} group by uid, bid, tid`;

/** In which threads of a board each user posted: arrays of the same length, by posts, then tid. */
export const userThreads = statistic(baked.userThreads, {
  needs: { countedPosts },
  columns: {
    ...same("uid", "bid"),
    tids: inOrder("tid"),
    post_counts: inOrder("post_count"),
    first_pids: inOrder("first_pid"),
    last_pids: inOrder("last_pid"),
  },
  from: (sources) => `(${threadsOf(sources.countedPosts)}) of_thread group by uid, bid`,
  maintain: replaceThreads,
  groupBySorting: true,
  startEarly: true,
});

/** Replaces the changed threads within the arrays: no index finds all posts of a user in a board. */
function replaceThreads({ table, columns }: Declared): Steps {
  const groups = "baked_next.changed_user_threads";
  const pairs = "baked_next.changed_user_threads_tids";
  const posts = countedPosts.lookUp(["tid"], `(select distinct tid from ${pairs})`);
  return {
    changes: [`create table ${pairs} as ${changedPosters("baked_next.counted_posts")}`, `analyze ${pairs}`],
    prepare: [
      `create table ${groups} as select distinct uid, bid from ${pairs}`,
      `analyze ${groups}`,
      ...createNext(table, {
        columns: resolve(columns),
        from: `(
          ${threadsOf(`(${posts}) post join ${pairs} using (uid, bid, tid)`)}
          union all
          select existing.uid, existing.bid, thread.*
          from baked.user_threads existing join ${groups} using (uid, bid),
               unnest(existing.tids, existing.post_counts, existing.first_pids, existing.last_pids)
                 as thread (tid, post_count, first_pid, last_pid)
          where not exists (
            select from ${pairs} changed
            where (changed.uid, changed.bid, changed.tid) = (existing.uid, existing.bid, thread.tid)
          )
        ) of_thread group by uid, bid`,
      }),
    ],
    apply: replaceGroups(table, ["uid", "bid"]),
  };
}
