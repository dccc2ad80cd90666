import type { threads, userThreads } from "@potstats/db/baked";
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
    first_time: number;
    last_pid: number;
    last_time: number;
  };

/**
 * The threads in which a user wrote most, by posts, then tid. Each board's arrays are in this order, so their first
 * elements suffice. Raw SQL for `unnest`. `offset 0` keeps the planner from reading all titles.
 */
export const findUserThreads = (sql: Sql, { uid, bid, limit }: ThreadsOfUser) => sql<UserThread[]>`
  select t.tid, t.title, t.subtitle, busiest.bid, busiest.post_count, busiest.first_pid, busiest.last_pid,
         (select unix_s from baked.post_facts where pid = busiest.first_pid) as first_time,
         (select unix_s from baked.post_facts where pid = busiest.last_pid) as last_time
  from (
    select board.bid, thread.*
    from baked.user_threads board
    cross join lateral unnest(
      board.tids[1:${limit}::int], board.post_counts[1:${limit}::int],
      board.first_pids[1:${limit}::int], board.last_pids[1:${limit}::int]
    ) as thread (tid, post_count, first_pid, last_pid)
    where board.uid = ${uid} ${bid === 0 ? sql`` : sql`and board.bid = ${bid}`}
    order by thread.post_count desc, thread.tid limit ${limit}
  ) busiest
  cross join lateral (select tid, title, subtitle from baked.threads where tid = busiest.tid offset 0) t
  order by busiest.post_count desc, t.tid`;
