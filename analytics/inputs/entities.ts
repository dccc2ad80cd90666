/** Users, boards and threads, with names and titles repaired for display. */
import { isDeepStrictEqual } from "node:util";
import { truncate, maxLineLength, maxNameLength } from "@potstats/bbcode/limits";
import { repair } from "@potstats/bbcode/repair";
import { seriesOf } from "@potstats/bbcode/series";
import * as baked from "@potstats/db/baked";
import { createTable } from "@potstats/db/baked-ddl";
import type { Sql, Transaction } from "@potstats/db/connect";
import { drizzleOn } from "@potstats/db/drizzle";
import type { Row } from "@potstats/db/row";
import * as crawled from "@potstats/db/crawled";
import { asc, eq } from "drizzle-orm";
import type postgres from "postgres";
import type { TableBuilder } from "../table-builder.ts";
import { batchSize, copyRows } from "./rows.ts";

type User = Row<typeof crawled.users, "uid" | "name" | "aliases"> & Row<typeof baked.users, "registered">;
type Thread = Row<typeof crawled.threads, "tid" | "bid" | "title" | "subtitle" | "tags" | "is_closed" | "first_pid"> &
  Row<typeof baked.threads, "is_gone" | "poster_uid" | "timestamp" | "post_count" | "revision" | "posts_revision">;

/** An adopted database may hold names and lines that are too long for our indexes. */
const nameOf = (text: string | null): string => truncate(repair(text ?? ""), maxNameLength);
const lineOf = (text: string | null): string => truncate(repair(text ?? ""), maxLineLength);

/** Lower case follows Unicode, independent of the database's collation. */
function repairUser({ uid, name: received, aliases, registered }: User): Row<typeof baked.users> {
  const name = nameOf(received);
  // Repaired and truncated names may coincide.
  const others = new Set((aliases ?? []).map(nameOf));
  others.delete(name);
  return { uid, name, name_lower: truncate(name.toLowerCase(), maxNameLength), aliases: [...others], registered };
}

function repairThread({ title: received, subtitle, tags, is_closed, ...thread }: Thread): Row<typeof baked.threads> {
  const title = lineOf(received);
  const series = seriesOf(title);
  return {
    ...thread,
    title,
    subtitle: lineOf(subtitle),
    tags: (tags ?? []).map(lineOf),
    series: series ? truncate(series.name, maxLineLength) : null,
    is_part: series?.isMarked ?? false,
    is_closed: is_closed ?? false,
  };
}

type Fragment = postgres.PendingQuery<postgres.Row[]>;

const selectUsers = (reader: Transaction, where: Fragment) => reader<User[]>`
  select uid, name, aliases, case when registered ${reader.unsafe(baked.knownTime)} then registered::date end as registered
  from public.users ${where}`;

/**
 * @param existing the threads of the last run: rows like `baked.threads`
 * @param postCounts rows (tid, post_count)
 */
const selectThreads = (reader: Transaction, existing: Fragment, postCounts: Fragment, where: Fragment) => reader<
  Thread[]
>`
  select t.tid, t.bid, t.title, t.subtitle, t.tags, t.is_closed, t.gone_at is not null as is_gone, t.first_pid,
         p.poster_uid, case when p.timestamp ${reader.unsafe(baked.knownTime)} then p.timestamp end as timestamp,
         coalesce(n.post_count, 0) as post_count, greatest(t.revision, p.revision) as revision,
         case when e.bid is not distinct from t.bid and e.is_gone = (t.gone_at is not null) then e.posts_revision
              else t.revision end as posts_revision
  from public.threads t
  left join (${existing}) e using (tid)
  left join public.posts p on p.pid = t.first_pid
  left join (${postCounts}) n on n.tid = t.tid
  ${where}`;

async function* mapBatches<T, U>(batches: AsyncIterable<T[]>, map: (row: T) => U): AsyncGenerator<U[]> {
  for await (const batch of batches) yield batch.map(map);
}

/** Derives users, boards and threads, in a full run. */
export async function deriveEntities(reader: Transaction, { create }: TableBuilder): Promise<void> {
  await create(baked.users, (writer) => {
    const users = selectUsers(reader, reader``).cursor(batchSize);
    return copyRows(writer, "baked_next", baked.users, mapBatches(users, repairUser));
  });
  await create(baked.boards, async (writer) =>
    copyRows(writer, "baked_next", baked.boards, [await deriveBoards(reader)]),
  );
  const none = reader`
    select null::int as tid, null::int as bid, null::boolean as is_gone, null::bigint as posts_revision`;
  const postCounts = reader`select tid, count(*) as post_count from public.posts group by tid`;
  await create(baked.threads, (writer) => {
    const threads = selectThreads(reader, none, postCounts, reader``).cursor(batchSize);
    return copyRows(writer, "baked_next", baked.threads, mapBatches(threads, repairThread));
  });
}

/** Derives users and threads that changed after a revision, and threads whose posts did, in `baked_next`. */
export async function deriveChangedEntities(sql: Transaction, since: number): Promise<void> {
  await sql.unsafe([baked.users, baked.threads].map((table) => createTable(table, "baked_next")).join(";"));
  const users = await selectUsers(sql, sql`where revision > ${since}`);
  await copyRows(sql, "baked_next", baked.users, [users.map(repairUser)]);
  await sql`
    create table baked_next.affected_threads as
    select tid, sum(posts) as posts from (
      select tid, 0 as posts from baked_next.changed_threads
      union all select tid, 1 from baked_next.post_facts
      union all select f.tid, -1 from baked.post_facts f join baked_next.changed_posts using (pid)
      union all select tid, 0 from public.threads where first_pid in (select pid from baked_next.changed_posts)
    ) affected where tid is not null group by tid`;
  const postCounts = sql`
    select tid, coalesce(b.post_count, 0) + posts as post_count
    from baked_next.affected_threads left join baked.threads b using (tid)`;
  const threads = await selectThreads(
    sql,
    sql`select * from baked.threads`,
    postCounts,
    sql`where t.tid in (select tid from baked_next.affected_threads)`,
  );
  await copyRows(sql, "baked_next", baked.threads, [threads.map(repairThread)]);
}

/** The statements that replace users and threads in `baked` with those in `baked_next`. */
export const replaceEntities = [
  { name: "users", id: "uid" },
  { name: "threads", id: "tid" },
].map(({ name, id }) => ({
  name,
  statements: [
    `delete from baked.${name} where ${id} in (select ${id} from baked_next.${name})`,
    `insert into baked.${name} select * from baked_next.${name}`,
  ],
}));

/** There are few, so they are derived from scratch in every run. */
async function deriveBoards(reader: Sql | Transaction): Promise<Row<typeof baked.boards>[]> {
  const { boards, categories } = crawled;
  const rows = await drizzleOn(reader)
    .select({
      bid: boards.bid,
      cid: boards.cid,
      category: categories.name,
      name: boards.name,
      description: boards.description,
    })
    .from(boards)
    .leftJoin(categories, eq(categories.cid, boards.cid))
    .orderBy(asc(boards.bid));
  return rows.map(({ bid, cid, category, name, description }) => ({
    bid,
    cid,
    category: category === null ? null : nameOf(category),
    name: nameOf(name),
    description: lineOf(description),
  }));
}

/** Whether boards or categories differ from `baked`. Compared by value, because categories have no revision. */
export async function haveBoardsChanged(sql: Sql | Transaction): Promise<boolean> {
  const existing = await drizzleOn(sql).select().from(baked.boards).orderBy(asc(baked.boards.bid));
  return !isDeepStrictEqual(existing, await deriveBoards(sql));
}

/** Replaces the boards in `baked` if they have changed. */
export async function replaceBoards(sql: Transaction): Promise<void> {
  if (!(await haveBoardsChanged(sql))) return;
  await drizzleOn(sql).delete(baked.boards);
  await copyRows(sql, "baked", baked.boards, [await deriveBoards(sql)]);
}
