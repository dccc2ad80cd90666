/** Users, boards and threads as people see them: repaired names and titles. */
import { cut, longestLine, longestName } from "@potstats/bbcode/limits";
import { repair } from "@potstats/bbcode/repair";
import * as baked from "@potstats/db/baked";
import type { Sql, Transaction } from "@potstats/db/connect";
import { copyInto, type CopyValue } from "@potstats/db/copy";
import type postgres from "postgres";
import type { Maker } from "./make.ts";

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
  posts_revision: number;
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
  "posts_revision",
];

/** As people see them. An adopted database may hold names and lines that are too long for our indexes. */
const nameOf = (text: string | null): string => cut(repair(text ?? ""), longestName);
const lineOf = (text: string | null): string => cut(repair(text ?? ""), longestLine);

/** Lower case is by Unicode's rules, whatever the database's collation. */
function userValues({ uid, name, aliases }: UserRow): CopyValue[] {
  const shown = nameOf(name);
  // Repaired and cut, two of them can be one.
  const others = new Set((aliases ?? []).map(nameOf));
  others.delete(shown);
  return [uid, shown, cut(shown.toLowerCase(), longestName), [...others]];
}

const threadValues = (row: ThreadRow): CopyValue[] => [
  row.tid,
  row.bid,
  lineOf(row.title),
  lineOf(row.subtitle),
  (row.tags ?? []).map(lineOf),
  row.is_closed ?? false,
  row.is_gone,
  row.first_pid,
  row.poster_uid,
  row.timestamp,
  row.post_count,
  row.revision,
  row.posts_revision,
];

type Fragment = postgres.PendingQuery<postgres.Row[]>;

const selectUsers = (reader: Transaction, which: Fragment) => reader<UserRow[]>`
  select uid, name, aliases from public.users ${which}`;

/**
 * @param known what was known of the threads: rows like those of `baked.threads`
 * @param postCounts rows (tid, post_count)
 */
const selectThreads = (reader: Transaction, known: Fragment, postCounts: Fragment, which: Fragment) => reader<
  ThreadRow[]
>`
  select t.tid, t.bid, t.title, t.subtitle, t.tags, t.is_closed, t.gone_at is not null as is_gone, t.first_pid,
         p.poster_uid, case when p.timestamp ${reader.unsafe(baked.knownTime)} then p.timestamp end as timestamp, coalesce(n.post_count, 0) as post_count, greatest(t.revision, p.revision) as revision,
         case when k.bid is not distinct from t.bid and k.is_gone = (t.gone_at is not null) then k.posts_revision else t.revision end
           as posts_revision
  from public.threads t
  left join (${known}) k using (tid)
  left join public.posts p on p.pid = t.first_pid
  left join (${postCounts}) n on n.tid = t.tid
  ${which}`;

/** Makes users, boards and threads. */
export async function bakeNames(reader: Transaction, { make }: Maker): Promise<void> {
  await make(baked.users, (writer) =>
    copyRows(writer, "users", userColumns, selectUsers(reader, reader``).cursor(chunk), userValues),
  );
  await make(baked.boards, async (writer) => putBoards(writer, "baked_next", await readBoards(reader)));
  const nothing = reader`select null::int as tid, null::int as bid, null::boolean as is_gone, null::bigint as posts_revision`;
  const postCounts = reader`select tid, count(*) as post_count from public.posts group by tid`;
  await make(baked.threads, (writer) =>
    copyRows(
      writer,
      "threads",
      threadColumns,
      selectThreads(reader, nothing, postCounts, reader``).cursor(chunk),
      threadValues,
    ),
  );
}

/** @returns how many there are */
const copyRows = <T>(
  writer: Transaction,
  table: "users" | "threads",
  columns: string[],
  batches: AsyncIterable<T[]> | T[][],
  values: (row: T) => CopyValue[],
): Promise<number> =>
  copyInto(writer, `baked_next.${table}`, columns, async (copy) => {
    let count = 0;
    for await (const batch of batches) {
      for (const row of batch) await copy.row(values(row));
      count += batch.length;
    }
    return count;
  });

/** Fills users and threads of `baked_next` with those that changed after a revision, or whose posts did. */
export async function bakeChangedNames(sql: Transaction, since: number): Promise<void> {
  const users = await selectUsers(sql, sql`where revision > ${since}`);
  await copyRows(sql, "users", userColumns, [users], userValues);
  await sql`
    create table baked_next.touched_threads as
    select tid, sum(posts) as posts from (
      select tid, 0 as posts from baked_next.changed_threads
      union all select tid, 1 from baked_next.post_facts
      union all select f.tid, -1 from baked.post_facts f join baked_next.changed_posts using (pid)
      union all select tid, 0 from public.threads where first_pid in (select pid from baked_next.changed_posts)
    ) touched where tid is not null group by tid`;
  const postCounts = sql`
    select tid, coalesce(b.post_count, 0) + posts as post_count
    from baked_next.touched_threads left join baked.threads b using (tid)`;
  const threads = await selectThreads(
    sql,
    sql`select * from baked.threads`,
    postCounts,
    sql`where t.tid in (select tid from baked_next.touched_threads)`,
  );
  await copyRows(sql, "threads", threadColumns, [threads], threadValues);
}

/** All boards, ready to be shown. */
export async function readBoards(reader: Sql | Transaction): Promise<BoardRow[]> {
  const rows = await reader<(BoardRow & { name: string | null; description: string | null })[]>`
    select b.bid, b.cid, c.name as category, b.name, b.description
    from public.boards b left join public.categories c using (cid) order by b.bid`;
  return rows.map(({ bid, cid, category, name, description }) => ({
    bid,
    cid,
    category: category === null ? null : nameOf(category),
    name: nameOf(name),
    description: lineOf(description),
  }));
}

export async function putBoards(
  writer: Transaction,
  schema: "baked" | "baked_next",
  boards: BoardRow[],
): Promise<number> {
  return copyInto(writer, `${schema}.boards`, boardColumns, async (copy) => {
    for (const { bid, cid, category, name, description } of boards)
      await copy.row([bid, cid, category, name, description]);
    return boards.length;
  });
}

/** Whether boards or categories are shown otherwise now; categories carry no revision. */
export async function boardsChanged(sql: Sql | Transaction): Promise<boolean> {
  const shown = await sql<BoardRow[]>`select bid, cid, category, name, description from baked.boards order by bid`;
  return JSON.stringify(shown) !== JSON.stringify(await readBoards(sql));
}
