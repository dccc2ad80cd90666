import type { postFacts, threads, userThreads } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Selection, Sql } from "./selection.ts";

interface ThreadsOfUser extends Pick<Selection, "bid"> {
  uid: number;
  limit: number;
}

type UserThread = Row<typeof threads, "tid" | "title" | "subtitle"> &
  Row<typeof userThreads, "bid"> & {
    post_count: number;
    first_pid: number;
    last_pid: number;
    first_unix_s: NonNullable<Row<typeof postFacts>["unix_s"]>;
    last_unix_s: NonNullable<Row<typeof postFacts>["unix_s"]>;
  };

/**
 * The threads in which a user wrote most, by posts, then tid. Each board's arrays are in this order, so their first
 * elements suffice. Raw SQL for `unnest`.
 */
export const findUserThreads = (sql: Sql, { uid, bid, limit }: ThreadsOfUser) => sql<UserThread[]>`
  select t.tid, t.title, t.subtitle, busiest.bid, busiest.post_count, busiest.first_pid, busiest.last_pid,
         first_post.unix_s as first_unix_s, last_post.unix_s as last_unix_s
  from (
    select board.bid, thread.tid, thread.post_count, thread.first_pid, thread.last_pid
    from baked.user_threads board
    cross join lateral unnest(
      board.tids[1:${limit}::int], board.post_counts[1:${limit}::int],
      board.first_pids[1:${limit}::int], board.last_pids[1:${limit}::int]
    ) as thread (tid, post_count, first_pid, last_pid)
    where board.uid = ${uid} ${bid === 0 ? sql`` : sql`and board.bid = ${bid}`}
    order by thread.post_count desc, thread.tid limit ${limit}
  ) busiest
  join baked.threads t using (tid)
  join baked.post_facts first_post on first_post.pid = busiest.first_pid
  join baked.post_facts last_post on last_post.pid = busiest.last_pid
  order by busiest.post_count desc, t.tid`;
