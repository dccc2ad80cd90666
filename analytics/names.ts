/** Users, boards and threads as people see them: repaired names and titles. */
import type { Sql } from "@potstats/db/connect";
import { copyInto, type CopyValue, type Transaction } from "@potstats/db/copy";
import type postgres from "postgres";
import { repair } from "./repair.ts";

const chunk = 5000;

interface UserRow {
  uid: number;
  name: string | null;
  aliases: string[] | null;
}

interface BoardRow {
  bid: number;
  cid: number | null;
  category: string | null;
  name: string;
  description: string;
}

interface ThreadRow {
  tid: number;
  bid: number | null;
  title: string | null;
  subtitle: string | null;
  tags: string[] | null;
  is_closed: boolean | null;
  is_gone: boolean;
  first_pid: number | null;
  poster_uid: number | null;
  timestamp: Date | null;
  post_count: number;
  revision: number;
}

const userColumns = ["uid", "name", "name_lower", "aliases"];
const boardColumns = ["bid", "cid", "category", "name", "description"];
const threadColumns = [
  "tid",
  "bid",
  "title",
  "subtitle",
  "tags",
  "is_closed",
  "is_gone",
  "first_pid",
  "poster_uid",
  "timestamp",
  "post_count",
  "revision",
];

/** Lower case is by Unicode's rules, whatever the database's collation. */
function userValues({ uid, name, aliases }: UserRow): CopyValue[] {
  const shown = repair(name ?? "");
  return [uid, shown, shown.toLowerCase(), (aliases ?? []).map(repair)];
}

const threadValues = (row: ThreadRow): CopyValue[] => [
  row.tid,
  row.bid,
  repair(row.title ?? ""),
  repair(row.subtitle ?? ""),
  (row.tags ?? []).map(repair),
  row.is_closed ?? false,
  row.is_gone,
  row.first_pid,
  row.poster_uid,
  row.timestamp,
  row.post_count,
  row.revision,
];

type Fragment = postgres.PendingQuery<postgres.Row[]>;

const selectUsers = (reader: Transaction, which: Fragment) => reader<UserRow[]>`
  select uid, name, aliases from public.users ${which}`;

/** @param postCounts rows (tid, post_count) */
const selectThreads = (reader: Transaction, postCounts: Fragment, which: Fragment) => reader<ThreadRow[]>`
  select t.tid, t.bid, t.title, t.subtitle, t.tags, t.is_closed, t.gone_at is not null as is_gone, t.first_pid,
         p.poster_uid, p.timestamp, coalesce(n.post_count, 0) as post_count, greatest(t.revision, p.revision) as revision
  from public.threads t
  left join public.posts p on p.pid = t.first_pid
  left join (${postCounts}) n on n.tid = t.tid
  ${which}`;

/** Fills users, boards and threads of `baked_next`. */
export async function bakeNames(reader: Transaction, writer: Transaction): Promise<void> {
  await copyInto(writer, "baked_next.users", userColumns, async (copy) => {
    for await (const batch of selectUsers(reader, reader``).cursor(chunk))
      for (const row of batch) await copy.row(userValues(row));
  });
  await putBoards(writer, "baked_next", await readBoards(reader));
  await copyInto(writer, "baked_next.threads", threadColumns, async (copy) => {
    const postCounts = reader`select tid, count(*) as post_count from public.posts group by tid`;
    for await (const batch of selectThreads(reader, postCounts, reader``).cursor(chunk))
      for (const row of batch) await copy.row(threadValues(row));
  });
}

/** Fills users and threads of `baked_next` with those that changed after a revision, or whose posts did. */
export async function bakeChangedNames(sql: Transaction, since: number): Promise<void> {
  const users = await selectUsers(sql, sql`where revision > ${since}`);
  await copyInto(sql, "baked_next.users", userColumns, async (copy) => {
    for (const row of users) await copy.row(userValues(row));
  });
  await sql`
    create table baked_next.touched_threads as
    select tid, sum(posts) as posts from (
      select tid, 0 as posts from baked_next.changed_threads
      union all select tid, 1 from baked_next.post_texts
      union all select t.tid, -1 from baked.post_texts t join baked_next.changed_posts using (pid)
      union all select tid, 0 from public.threads where first_pid in (select pid from baked_next.changed_posts)
    ) touched where tid is not null group by tid`;
  const postCounts = sql`
    select tid, coalesce(b.post_count, 0) + posts as post_count
    from baked_next.touched_threads left join baked.threads b using (tid)`;
  const threads = await selectThreads(
    sql,
    postCounts,
    sql`where t.tid in (select tid from baked_next.touched_threads)`,
  );
  await copyInto(sql, "baked_next.threads", threadColumns, async (copy) => {
    for (const row of threads) await copy.row(threadValues(row));
  });
}

/** All boards, ready to be shown. */
export async function readBoards(reader: Sql | Transaction): Promise<BoardRow[]> {
  const rows = await reader<(BoardRow & { name: string | null; description: string | null })[]>`
    select b.bid, b.cid, c.name as category, b.name, b.description
    from public.boards b left join public.categories c using (cid) order by b.bid`;
  return rows.map(({ bid, cid, category, name, description }) => ({
    bid,
    cid,
    category: category === null ? null : repair(category),
    name: repair(name ?? ""),
    description: repair(description ?? ""),
  }));
}

export async function putBoards(
  writer: Transaction,
  schema: "baked" | "baked_next",
  boards: BoardRow[],
): Promise<void> {
  await copyInto(writer, `${schema}.boards`, boardColumns, async (copy) => {
    for (const { bid, cid, category, name, description } of boards)
      await copy.row([bid, cid, category, name, description]);
  });
}

/** Whether boards or categories are shown otherwise now; categories carry no revision. */
export async function boardsChanged(sql: Sql | Transaction): Promise<boolean> {
  const shown = await sql<BoardRow[]>`select bid, cid, category, name, description from baked.boards order by bid`;
  return JSON.stringify(shown) !== JSON.stringify(await readBoards(sql));
}
