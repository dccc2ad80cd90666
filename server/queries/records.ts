import type { milestones, threads } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Sql } from "./selection.ts";
import { type Post, postOf, type User, userOf } from "./user.ts";

/** All records, in the order of the API. */
export const recordNames = [
  "busiest_day",
  "busiest_week",
  "busiest_month",
  "busiest_year",
  "most_people",
  "user_day",
  "user_week",
  "user_month",
  "user_year",
  "longest_streak",
  "longest_pause",
  "longest_post",
  "most_quoted_post",
  "most_links",
  "most_quotes",
  "largest_thread",
  "most_participants",
  "fastest_thread",
  "longest_silence",
  "most_boards",
] as const;
export type RecordName = (typeof recordNames)[number];

/** These exist only for all boards together. */
const withoutBoard = new Set<RecordName>(["longest_streak", "longest_pause", "most_boards"]);

/** An entry of a record's history. */
export interface RecordEntry {
  value: number;
  day: string;
  user: User | null;
  thread: Row<typeof threads, "tid" | "title" | "subtitle"> | null;
  post: Post | null;
}

interface EntryRow extends Omit<RecordEntry, "user" | "thread" | "post"> {
  record: RecordName;
  uid: number | null;
  name: string;
  aliases: string[];
  tid: number | null;
  title: string;
  subtitle: string;
  pid: number | null;
  unix_s: number;
}

function entryOf({ value, day, uid, tid, pid, unix_s, ...row }: EntryRow): RecordEntry {
  const user = uid === null ? null : userOf({ uid, name: row.name, aliases: row.aliases });
  return {
    value,
    day,
    user,
    thread: tid === null ? null : { tid, title: row.title, subtitle: row.subtitle },
    post: user === null || tid === null || pid === null ? null : { pid, tid, timestamp: unix_s, user },
  };
}

/**
 * The history of each record in a board (0: all boards), oldest entry first. Raw SQL for a union. `offset 0` makes
 * joins look up each entry's user and thread, instead of reading all of them.
 * @param days only the entries of these days
 */
export async function findRecords(sql: Sql, bid: number, days?: { firstDay: string; endDay: string }) {
  const rows = await sql<EntryRow[]>`
    with entries as (
      select record, value, day, null::int as uid, null::int as tid, null::int as pid, null::bigint as unix_s
      from baked.day_records where bid = ${bid}
      union all select record, value, day, uid, null, null, null from baked.user_records where bid = ${bid}
      union all select record, value, day, uid, null, null, null from baked.streak_records where bid = ${bid}
      union all select record, value, day, uid, tid, pid, unix_s from baked.post_records where bid = ${bid}
      union all select record, value, day, uid, tid, pid, unix_s from baked.thread_records where bid = ${bid}
    )
    select e.*, u.name, u.aliases, t.title, t.subtitle
    from entries e
    left join lateral (select name, aliases from baked.users where uid = e.uid offset 0) u on true
    left join lateral (select title, subtitle from baked.threads where tid = e.tid offset 0) t on true
    ${days ? sql`where day >= ${days.firstDay}::date and day < ${days.endDay}::date` : sql``}
    order by value`;
  const histories = Map.groupBy(rows, ({ record }) => record);
  return recordNames
    .filter((record) => bid === 0 || !withoutBoard.has(record))
    .map((record) => ({ record, history: (histories.get(record) ?? []).map(entryOf) }));
}

type MilestoneRow = Row<typeof milestones, "number" | "day" | "pid" | "tid" | "unix_s"> & User;

/** Who wrote the 1st, 10th, 100th, … post in a board (0: all boards), and on which day. Raw SQL: drizzle has no fence. */
export async function findMilestones(sql: Sql, bid: number) {
  const rows = await sql<MilestoneRow[]>`
    select m.number, m.day, m.pid, m.tid, m.unix_s, u.uid, u.name, u.aliases
    from baked.milestones m
    cross join lateral (select uid, name, aliases from baked.users where uid = m.uid offset 0) u
    where m.bid = ${bid} order by m.number`;
  return rows.map(({ number, day, ...row }) => ({ number, day, post: postOf(row) }));
}
