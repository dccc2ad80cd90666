import * as baked from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { fence } from "../inputs/sql.ts";
import { allItems, forEither, historiesOf, historyOf, type Only, mergeRecords } from "../records.ts";
import { same, statistic } from "../statistic.ts";
import { threadStats } from "./thread-stats.ts";

/** A query per record: all threads by size, and their silences, in their boards. */
const itemsOf = (threads: string, only: Only = allItems) => [
  ...[
    ["largest_thread", "post_count"],
    ["most_participants", "participants"],
    ["fastest_thread", "fast_count"],
  ].map(
    ([record = "", value]) => `
    select '${record}' as record, bid, ${value}::bigint as value, opened as unix_s, first_pid as pid, tid
    from ${threads}
    where ${forEither(only, record, "bid")}`,
  ),
  `select 'longest_silence' as record, bid, unnest(silences_s) as value, unnest(silence_times) as unix_s,
          unnest(silence_pids) as pid, tid
  from ${threads} where ${forEither(only, "longest_silence", "bid")}`,
];

/** Items of boards, and the same for all boards together. */
const withAllBoards = (items: string[]) => `
  select record, selected.bid, value, unix_s, pid, tid
  from (${items.join(" union all ")}) item cross join lateral (values (bid), (0)) selected (bid)`;

/** What breaks a record of all boards has broken that of its board. */
const candidatesOf = (threads: string, only?: Only) =>
  withAllBoards(
    itemsOf(threads, only).map(
      (items) => `select record, bid, value, unix_s, pid, tid from (${historyOf(items, "unix_s, pid")}) history`,
    ),
  );

/** Poster and day of the items' posts. */
const withPosts = (items: string, posts: string) => `
  select item.*, post.uid, post.day
  from (${items}) item
  cross join lateral (select uid, day from ${posts} where pid = item.pid ${fence("few are looked up")}) post`;

/** The largest and the fastest threads, those with the most participants, and the longest silences. */
export const threadRecords = statistic(baked.threadRecords, {
  needs: { threadStats, countedPosts },
  columns: same("record", "bid", "value", "day", "pid", "unix_s", "tid", "uid"),
  from: (sources) =>
    `(${withPosts(historiesOf(candidatesOf(sources.threadStats), "unix_s, pid"), sources.countedPosts)}) history`,
  maintain: mergeRecords({
    moment: "unix_s, pid",
    identity: ["tid"],
    changed: `select tid from ${threadStats.changes}`,
    now: withPosts(
      candidatesOf(
        "(select thread_stats.* from baked.thread_stats join baked_next.changed_thread_records using (tid)) thread",
      ),
      "baked.post_facts",
    ),
    all: (only) => withPosts(candidatesOf("baked.thread_stats", only), "baked.post_facts"),
  }),
});
