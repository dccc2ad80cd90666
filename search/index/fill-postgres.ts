/** Updates PostgreSQL's own index. It is always kept, because PostgreSQL answers when Meilisearch cannot. */
import { truncate, maxNameLength } from "@potstats/bbcode/limits";
import type { Phase } from "@potstats/cli/progress";
import { createIndexes, createTable, tablesOf } from "@potstats/db/baked-ddl";
import { isLockTimeout, type Sql } from "@potstats/db/connect";
import { copyInto } from "@potstats/db/copy";
import { giveGrants, readGrants } from "@potstats/db/privileges";
import * as searchTables from "@potstats/db/search-index";
import { blockBits } from "@potstats/db/search-index";
import { ConstantBackoff, handleWhen, retry } from "cockatiel";
import { getTableConfig } from "drizzle-orm/pg-core";
import { foldWords } from "../words/fold.ts";
import {
  changedPosts,
  changedThreads,
  changedUsers,
  type Changes,
  type PostDocument,
  prefetch,
  type ThreadDocument,
  type UserDocument,
} from "./documents.ts";
import { fillCompletions } from "./fill-completions.ts";
import type { FillEngineOptions } from "./fill-engine.ts";
import { postTexts, threadTexts } from "./rows.ts";
import { WordCounts } from "./word-counts.ts";

/** Rows per statement, and statements at a time. */
const batchSize = 2000;
const maxStatements = 2;

type Schema = "search" | "search_next";

/** All tables except `state`, which survives a rebuild. */
const documentTables = tablesOf(searchTables).filter((table) => table !== searchTables.state);

/**
 * Indexes what changed after `since`, or, if that is undefined, everything, into new tables that are swapped in.
 * @returns number of posts and threads in the tables
 */
export async function fillPostgres(
  sql: Sql,
  { since, phase, signal }: FillEngineOptions,
): Promise<{ posts: number; threads: number }> {
  const isNew = since === undefined;
  const from = since ?? -1;
  const schema: Schema = isNew ? "search_next" : "search";
  const statements = boundedStatements(phase, signal);
  const posts = prefetch(changedPosts(sql, from));
  const counts = new WordCounts();
  if (isNew) {
    await createTables(sql);
    await loadPosts(sql, posts, counts, phase, signal);
  } else
    for await (const { documents, deletedIds } of posts) {
      for (let at = 0; at < documents.length; at += batchSize) {
        const rows = documents.slice(at, at + batchSize);
        for (const row of rows) counts.add(row.distinct, row.forms);
        await statements.add(rows.length, () => upsertPosts(sql, rows));
      }
      if (deletedIds.length > 0)
        await statements.add(deletedIds.length, () => sql`delete from search.posts where pid = any(${deletedIds})`);
    }
  for await (const { documents, deletedIds } of changedThreads(sql, from)) {
    for (const document of documents) counts.add(document.distinct, document.forms);
    await statements.add(documents.length, () => upsertThreads(sql, schema, documents));
    if (deletedIds.length > 0)
      await statements.add(
        deletedIds.length,
        () => sql`delete from ${sql(schema)}.threads where tid = any(${deletedIds})`,
      );
  }
  for await (const { documents } of changedUsers(sql, from))
    await statements.add(documents.length, () => replaceNames(sql, schema, documents));
  await statements.finished();
  await saveCounts(sql, schema, counts);
  await sql`
    insert into ${sql(schema)}.blocks (type, block)
    select distinct 'thread', tid >> ${blockBits} from ${sql(schema)}.threads on conflict do nothing`;
  await sql`
    update ${sql(schema)}.names n set post_count = s.post_count from baked.poster_stats s
    where s.uid = n.uid and s.year = 0 and s.bid = 0 and s.post_count <> n.post_count`;
  await fillCompletions(sql, schema, since);
  if (isNew) await finishRebuild(sql, phase, signal);
  const [size] = await sql<{ posts: number; threads: number }[]>`
    select (select count(*) from search.posts) as posts, (select count(*) from search.threads) as threads`;
  return { posts: size?.posts ?? 0, threads: size?.threads ?? 0 };
}

/** Runs a few statements while the next rows are read and folded. */
function boundedStatements(phase: Phase, signal: AbortSignal | undefined) {
  const pending: Promise<unknown>[] = [];
  return {
    /** Waits for the oldest statement if there are too many. */
    add: async (rows: number, statement: () => Promise<unknown>) => {
      signal?.throwIfAborted();
      if (pending.length === maxStatements) await pending.shift();
      const done = statement().then(() => phase.add(rows));
      // Awaited above or in `finished`.
      done.catch(() => {});
      pending.push(done);
    },
    finished: () => Promise.all(pending),
  };
}

async function createTables(sql: Sql): Promise<void> {
  await sql.unsafe("drop schema if exists search_next cascade; create schema search_next;");
  for (const table of documentTables) await sql.unsafe(createTable(table, "search_next"));
}

async function finishRebuild(sql: Sql, phase: Phase, signal: AbortSignal | undefined): Promise<void> {
  phase.detail("indexes");
  for (const table of documentTables)
    for (const statement of createIndexes(table, "search_next")) {
      signal?.throwIfAborted();
      await sql.begin(async (transaction) => {
        await transaction.unsafe("set local maintenance_work_mem = '256MB'");
        await transaction.unsafe(statement);
      });
    }
  for (const { name } of documentTables.map(getTableConfig)) await sql.unsafe(`analyze search_next.${name}`);
  await giveGrants(sql, "search_next", await readGrants(sql, "search"));
  await swapIn(sql, signal);
}

/** The upsert clause; new tables are empty and need none. */
const onConflict = (sql: Sql, schema: Schema, id: string, columns: string[]) =>
  schema === "search_next"
    ? sql``
    : sql.unsafe(
        `on conflict (${id}) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}`,
      );

/** All posts, into new tables. */
async function loadPosts(
  sql: Sql,
  batches: AsyncGenerator<Changes<PostDocument>>,
  counts: WordCounts,
  phase: Phase,
  signal?: AbortSignal,
): Promise<void> {
  await copyInto(
    sql,
    "search_next.posts",
    ["pid", "tid", "bid", "uid", "timestamp", "words", "forms"],
    async (copy) => {
      for await (const { documents, skipped = 0 } of batches) {
        signal?.throwIfAborted();
        for (const document of documents) {
          const { pid, tid, bid, uid, timestamp } = document;
          const { words, forms } = postTexts(document);
          counts.add(document.distinct, document.forms);
          const full = copy.row([pid, tid, bid, uid, timestamp, words, forms]);
          if (full) await full;
        }
        phase.add(documents.length + skipped);
      }
    },
  );
  await sql`
    insert into search_next.days (day, first_pid, last_pid)
    select timestamp::date, min(pid), max(pid) from search_next.posts group by 1`;
  await sql`
    insert into search_next.blocks (type, block)
    select 'post', pid >> ${blockBits} from search_next.posts group by 2`;
}

/** Words per statement. */
const wordBatch = 20_000;

/** Adds the numbers of documents with each word. */
async function saveCounts(sql: Sql, schema: Schema, counts: WordCounts): Promise<void> {
  if (schema === "search_next") {
    await copyInto(sql, "search_next.words", ["word", "count"], async (copy) => {
      for (const entry of counts.entries()) {
        const full = copy.row(entry);
        if (full) await full;
      }
    });
    return;
  }
  const entries = [...counts.entries()];
  for (let at = 0; at < entries.length; at += wordBatch) {
    const batch = entries.slice(at, at + wordBatch);
    await sql`
      insert into search.words (word, count)
      select * from unnest(${batch.map(([word]) => word)}::text[], ${batch.map(([, count]) => count)}::int[])
      on conflict (word) do update set count = words.count + excluded.count`;
  }
}

async function upsertPosts(sql: Sql, rows: PostDocument[]): Promise<void> {
  // Days first: search finds posts through their day's pid range. Sorted, or batches written at the same time would
  // deadlock over their days.
  await sql`
    insert into search.days (day, first_pid, last_pid)
    select timestamp::date, min(pid), max(pid)
    from unnest(${rows.map((row) => row.pid)}::int[], ${rows.map((row) => row.timestamp.toISOString())}::timestamp[]) as r (pid, timestamp)
    group by 1 order by 1
    on conflict (day) do update set first_pid = least(days.first_pid, excluded.first_pid), last_pid = greatest(days.last_pid, excluded.last_pid)`;
  await sql`
    insert into search.blocks (type, block)
    select distinct 'post', pid >> ${blockBits} from unnest(${rows.map((row) => row.pid)}::int[]) as r (pid)
    order by 2 on conflict do nothing`;
  const texts = rows.map(postTexts);
  await sql`
    insert into search.posts (pid, tid, bid, uid, timestamp, words, forms)
    select r.* from unnest(
      ${rows.map((row) => row.pid)}::int[], ${rows.map((row) => row.tid)}::int[], ${rows.map((row) => row.bid)}::int[],
      ${rows.map((row) => row.uid)}::int[], ${rows.map((row) => row.timestamp.toISOString())}::timestamp[],
      ${texts.map(({ words }) => words)}::text[], ${texts.map(({ forms }) => forms)}::text[]) as r
    ${onConflict(sql, "search", "pid", ["tid", "bid", "uid", "timestamp", "words", "forms"])}`;
}

async function upsertThreads(sql: Sql, schema: Schema, rows: ThreadDocument[]): Promise<void> {
  const texts = rows.map(threadTexts);
  await sql`
    insert into ${sql(schema)}.threads (tid, bid, uid, timestamp, words, forms)
    select r.* from unnest(
      ${rows.map((row) => row.tid)}::int[], ${rows.map((row) => row.bid)}::int[], ${rows.map((row) => row.uid)}::int[],
      ${rows.map((row) => row.timestamp?.toISOString() ?? null)}::timestamp[],
      ${texts.map(({ words }) => words)}::text[], ${texts.map(({ forms }) => forms)}::text[]) as r
    ${onConflict(sql, schema, "tid", ["bid", "uid", "timestamp", "words", "forms"])}`;
}

async function replaceNames(sql: Sql, schema: Schema, users: UserDocument[]): Promise<void> {
  const rows = users.flatMap(({ uid, names }) =>
    names.map((name, at) => ({
      uid,
      name,
      is_alias: at > 0 ? 1 : 0,
      // Lower-casing and folding can make a name longer.
      lower: truncate(name.toLowerCase(), maxNameLength),
      folded: truncate(foldWords(name).join(" "), maxNameLength),
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

/** Milliseconds that the swap waits for running searches. It must be short, because new searches queue behind it. */
const lockTimeout_ms = 200;
/** PostgreSQL's lock_not_available. */
const retryLockTimeouts = retry(handleWhen(isLockTimeout), { maxAttempts: 299, backoff: new ConstantBackoff(100) });

/** Replaces the old tables in one short transaction. */
async function swapIn(sql: Sql, signal?: AbortSignal): Promise<void> {
  const names = documentTables.map((table) => getTableConfig(table).name);
  await retryLockTimeouts.execute(() => {
    signal?.throwIfAborted();
    return sql.begin((transaction) =>
      transaction.unsafe(`
        set local lock_timeout = ${lockTimeout_ms};
        drop table if exists ${names.map((name) => `search.${name}`).join(", ")};
        ${names.map((name) => `alter table search_next.${name} set schema search;`).join("\n")}
        drop schema search_next;`),
    );
  });
}
