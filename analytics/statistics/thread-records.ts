import * as baked from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { fence } from "../inputs/sql.ts";
import { historyOf, mergeRecords } from "../records.ts";
import { same, statistic } from "../statistic.ts";
import { threadFacts } from "./thread-facts.ts";

/** All threads by size, and their silences, per board and over all boards. */
const itemsOf = (threads: string, only: (record: string) => string = () => "true") => `
  select record, selected.bid, value, unix_s, pid, tid
  from (
    select 'largest_thread' as record, bid, post_count::bigint as value, unix_s, pid, tid from ${threads}
    where ${only("largest_thread")}
    union all select 'most_participants', bid, participants, unix_s, pid, tid from ${threads}
    where ${only("most_participants")}
    union all select 'fastest_thread', bid, fast_count, unix_s, pid, tid from ${threads} where ${only("fastest_thread")}
    union all
    select 'longest_silence', bid, unnest(silences_s), unnest(silence_unix_s), unnest(silence_pids), tid from ${threads}
    where ${only("longest_silence")}
  ) item
  cross join lateral (values (bid), (0)) selected (bid)`;

/** Poster and day of the items' posts. */
const withPosts = (items: string, posts: string) => `
  select item.*, post.uid, post.day
  from (${items}) item
  cross join lateral (select uid, day from ${posts} where pid = item.pid ${fence("few are looked up")}) post`;

/** The largest and the fastest threads, those with the most participants, and the longest silences. */
export const threadRecords = statistic(baked.threadRecords, {
  needs: { threadFacts, countedPosts },
  columns: same("record", "bid", "value", "day", "pid", "unix_s", "tid", "uid"),
  from: (sources) =>
    `(${withPosts(historyOf(itemsOf(sources.threadFacts), "unix_s, pid"), sources.countedPosts)}) history`,
  maintain: mergeRecords({
    moment: "unix_s, pid",
    identity: ["tid"],
    changed: `select tid from ${threadFacts.changes}`,
    now: withPosts(
      itemsOf(
        "(select thread_facts.* from baked.thread_facts join baked_next.changed_thread_records using (tid)) thread",
      ),
      "baked.post_facts",
    ),
    all: (only) => withPosts(historyOf(itemsOf("baked.thread_facts", only), "unix_s, pid"), "baked.post_facts"),
  }),
});
