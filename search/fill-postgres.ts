/** Brings the PostgreSQL engine's documents up to date. They are always kept: this engine answers when Meilisearch cannot. */
import { setTimeout as sleep } from "node:timers/promises";
import { cut, longestName } from "@potstats/bbcode/limits";
import type { Phase } from "@potstats/cli/progress";
import { lockNotAvailable, type Sql } from "@potstats/db/connect";
import * as searchTables from "@potstats/db/search";
import { createIndexes, createTable, tablesOf } from "@potstats/db/baked-ddl";
import { copyInto } from "@potstats/db/copy";
import { giveGrants, readGrants } from "@potstats/db/privileges";
import {
  ahead,
  changedPosts,
  changedThreads,
  changedUsers,
  type Changes,
  type PostDocument,
  type ThreadDocument,
  type UserDocument,
} from "./documents.ts";
import { foldWords } from "./fold.ts";
import { vectorOf } from "./postgres.ts";

/** Rows per statement, and statements at once. */
const batchSize = 2000;
const atOnce = 2;
/** Milliseconds that searches may have to wait for the swap, and how often it is tried. */
const searchesWait_ms = 200;
const attempts = 300;

type Schema = "search" | "search_next";

/**
 * Fills the tables: what changed after `since`, or, with undefined, everything into fresh tables that are swapped in.
 * @returns number of posts and threads in the tables
 */
export async function fillPostgres(
  sql: Sql,
  {
    since,
    timezone,
    phase,
    signal,
  }: { since: number | undefined; timezone: string; phase: Phase; signal?: AbortSignal | undefined },
): Promise<{ posts: number; threads: number }> {
  const from = since ?? -1;
  const schema: Schema = since === undefined ? "search_next" : "search";
  const documents = tablesOf(searchTables).filter((table) => table !== searchTables.state);
  if (since === undefined) {
    await sql.unsafe(`drop schema if exists search_next cascade; create schema search_next;`);
    for (const table of documents) await sql.unsafe(createTable(table, schema));
  }
  // Some statements work while the next rows are read and folded.
  const pending: Promise<unknown>[] = [];
  const enqueue = async (rows: number, work: () => Promise<unknown>) => {
    signal?.throwIfAborted();
    if (pending.length === atOnce) await pending.shift();
    const done = work().then(() => phase.add(rows));
    // Awaited when there are too many, or at the end.
    done.catch(() => {});
    pending.push(done);
  };
  const posts = ahead(changedPosts(sql, from, timezone));
  if (since === undefined) await loadPosts(sql, posts, phase, signal);
  else
    for await (const { put, remove } of posts) {
      for (let at = 0; at < put.length; at += batchSize) {
        const rows = put.slice(at, at + batchSize);
        await enqueue(rows.length, () => putPosts(sql, rows));
      }
      if (remove.length > 0)
        await enqueue(remove.length, () => sql`delete from search.posts where pid = any(${remove})`);
    }
  for await (const { put, remove } of changedThreads(sql, from, timezone)) {
    await enqueue(put.length, () => putThreads(sql, schema, put));
    if (remove.length > 0)
      await enqueue(remove.length, () => sql`delete from ${sql(schema)}.threads where tid = any(${remove})`);
  }
  for await (const { put } of changedUsers(sql, from)) await enqueue(put.length, () => putNames(sql, schema, put));
  await Promise.all(pending);
  await sql`
    update ${sql(schema)}.names n set post_count = s.post_count from baked.poster_stats s
    where s.uid = n.uid and s.year = 0 and s.bid = 0 and s.post_count <> n.post_count`;
  if (since === undefined) {
    phase.detail("indexes");
    for (const table of documents)
      for (const statement of createIndexes(table, schema)) {
        signal?.throwIfAborted();
        await sql.begin(async (transaction) => {
          await transaction.unsafe("set local maintenance_work_mem = '256MB'");
          await transaction.unsafe(statement);
        });
      }
    await sql.unsafe("analyze search_next.posts, search_next.days, search_next.threads, search_next.names");
    await giveGrants(sql, "search_next", await readGrants(sql, "search"));
    await swapIn(sql, signal);
  }
  const [counts] = await sql<{ posts: number; threads: number }[]>`
    select (select count(*) from search.posts) as posts, (select count(*) from search.threads) as threads`;
  return { posts: counts?.posts ?? 0, threads: counts?.threads ?? 0 };
}

/** What takes the place of a row with the same id. */
const replaced = (sql: Sql, schema: Schema, id: string, columns: string[]) =>
  schema === "search_next"
    ? sql``
    : sql.unsafe(
        `on conflict (${id}) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}`,
      );

/** The first fill's posts. */
async function loadPosts(
  sql: Sql,
  batches: AsyncGenerator<Changes<PostDocument>>,
  phase: Phase,
  signal?: AbortSignal,
): Promise<void> {
  await copyInto(sql, "search_next.posts", ["pid", "tid", "bid", "uid", "timestamp", "words"], async (copy) => {
    for await (const { put, skipped = 0 } of batches) {
      signal?.throwIfAborted();
      for (const { pid, tid, bid, uid, timestamp, words, forms } of put) {
        const full = copy.row([pid, tid, bid, uid, timestamp, vectorOf(words, forms)]);
        if (full) await full;
      }
      phase.add(put.length + skipped);
    }
  });
  await sql`
    insert into search_next.days (day, first_pid, last_pid)
    select timestamp::date, min(pid), max(pid) from search_next.posts group by 1`;
}

async function putPosts(sql: Sql, rows: PostDocument[]): Promise<void> {
  // The days first: search finds posts through their day's range of pids. In order, since batches that are written at the same
  // time would wait for each other's days for ever.
  await sql`
    insert into search.days (day, first_pid, last_pid)
    select timestamp::date, min(pid), max(pid)
    from unnest(${rows.map((row) => row.pid)}::int[], ${rows.map((row) => row.timestamp.toISOString())}::timestamp[]) as r (pid, timestamp)
    group by 1 order by 1
    on conflict (day) do update set first_pid = least(days.first_pid, excluded.first_pid), last_pid = greatest(days.last_pid, excluded.last_pid)`;
  await sql`
    insert into search.posts (pid, tid, bid, uid, timestamp, words)
    select r.pid, r.tid, r.bid, r.uid, r.timestamp, r.words::tsvector
    from unnest(${rows.map((row) => row.pid)}::int[], ${rows.map((row) => row.tid)}::int[], ${rows.map((row) => row.bid)}::int[],
                ${rows.map((row) => row.uid)}::int[], ${rows.map((row) => row.timestamp.toISOString())}::timestamp[],
                ${rows.map(({ words, forms }) => vectorOf(words, forms))}::text[])
      as r (pid, tid, bid, uid, timestamp, words)
    ${replaced(sql, "search", "pid", ["tid", "bid", "uid", "timestamp", "words"])}`;
}

async function putThreads(sql: Sql, schema: Schema, rows: ThreadDocument[]): Promise<void> {
  await sql`
    insert into ${sql(schema)}.threads (tid, bid, uid, timestamp, tags, words)
    select r.tid, r.bid, r.uid, r.timestamp, string_to_array(r.tags, ' '), r.words::tsvector
    from unnest(${rows.map((row) => row.tid)}::int[], ${rows.map((row) => row.bid)}::int[], ${rows.map((row) => row.uid)}::int[],
                ${rows.map((row) => row.timestamp?.toISOString() ?? null)}::timestamp[], ${rows.map((row) => row.tags.join(" "))}::text[],
                ${rows.map(({ words, forms }) => vectorOf(words, forms))}::text[])
      as r (tid, bid, uid, timestamp, tags, words)
    ${replaced(sql, schema, "tid", ["bid", "uid", "timestamp", "tags", "words"])}`;
}

async function putNames(sql: Sql, schema: Schema, users: UserDocument[]): Promise<void> {
  const rows = users.flatMap(({ uid, names }) =>
    names.map((name, at) => ({
      uid,
      name,
      is_alias: at > 0 ? 1 : 0,
      // Either can be longer than the name.
      lower: cut(name.toLowerCase(), longestName),
      folded: cut(foldWords(name).join(" "), longestName),
    })),
  );
  await sql.begin(async (transaction) => {
    await transaction`delete from ${sql(schema)}.names where uid = any(${users.map(({ uid }) => uid)})`;
    await transaction`
      insert into ${sql(schema)}.names (uid, name, is_alias, post_count, lower, folded)
      select uid, name, is_alias = 1, 0, lower, folded
      from unnest(${rows.map((row) => row.uid)}::int[], ${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.is_alias)}::int[],
                           ${rows.map((row) => row.lower)}::text[], ${rows.map((row) => row.folded)}::text[]) as r (uid, name, is_alias, lower, folded)
      on conflict do nothing`;
  });
}

/** Fresh tables for old ones in one short transaction, which waits for searches, but never long: others queue behind it. */
async function swapIn(sql: Sql, signal?: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      await sql.begin((transaction) =>
        transaction.unsafe(`
          set local lock_timeout = ${searchesWait_ms};
          drop table if exists search.posts, search.days, search.threads, search.names;
          alter table search_next.posts set schema search;
          alter table search_next.days set schema search;
          alter table search_next.threads set schema search;
          alter table search_next.names set schema search;
          drop schema search_next;`),
      );
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== lockNotAvailable || attempt === attempts) throw error;
      await sleep(100);
    }
  }
}
