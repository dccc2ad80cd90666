/** Updates PostgreSQL's own index. It is always kept, because PostgreSQL answers when Meilisearch cannot. */
import type { Phase } from "@potstats/cli/progress";
import { createIndexes, createTable, tablesOf } from "@potstats/db/baked-ddl";
import { isLockTimeout, type Sql, type Transaction } from "@potstats/db/connect";
import { copyInto } from "@potstats/db/copy";
import { giveGrants, readGrants } from "@potstats/db/privileges";
import * as searchTables from "@potstats/db/search-index";
import { blockBits } from "@potstats/db/search-index";
import { ConstantBackoff, handleWhen, retry } from "cockatiel";
import { getTableConfig } from "drizzle-orm/pg-core";
import { changedPosts, changedThreads, changedUsers, type Changes, type PostDocument, prefetch } from "./documents.ts";
import { fillCompletions } from "./fill-completions.ts";
import type { Filled, FillEngineOptions } from "./fill-engine.ts";
import {
  deletePosts,
  deleteThreads,
  postsPerMonth,
  replaceNames,
  type Schema,
  upsertPosts,
  upsertThreads,
} from "./postgres-rows.ts";
import { postTexts } from "./rows.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Rows per statement, and statements at a time. */
const batchSize = 2000;
const maxStatements = 2;

/** All tables except those that survive a rebuild. */
const documentTables = tablesOf(searchTables).filter(
  (table) => table !== searchTables.state && table !== searchTables.build,
);

/**
 * Indexes what changed since the previous run, or, if there is none, everything, into new tables that are swapped in.
 * @returns number of posts and threads in the tables
 */
export async function fillPostgres(
  sql: Sql,
  { previous, analysis: { timezone }, phase, signal, save }: FillEngineOptions,
): Promise<Filled> {
  const isNew = previous === undefined;
  const from = previous?.revision ?? -1;
  const schema: Schema = isNew ? "search_next" : "search";
  const statements = boundedStatements(phase, signal);
  const vocabulary = new Vocabulary();
  const filled: Filled = { posts: 0, threads: 0 };
  const posts = prefetch(changedPosts(sql, from, vocabulary));
  if (isNew) {
    await createTables(sql);
    filled.posts = await loadPosts(sql, posts, timezone, phase, signal);
  } else
    for await (const { documents, deletedIds } of posts) {
      for (let at = 0; at < documents.length; at += batchSize) {
        const rows = documents.slice(at, at + batchSize);
        await statements.add(rows.length, () => upsertPosts(sql, rows, timezone));
      }
      if (deletedIds.length > 0) await statements.add(deletedIds.length, () => deletePosts(sql, deletedIds, timezone));
    }
  for await (const { documents, deletedIds } of changedThreads(sql, from, vocabulary)) {
    await statements.add(documents.length, () => upsertThreads(sql, schema, documents));
    if (deletedIds.length > 0) await statements.add(deletedIds.length, () => deleteThreads(sql, deletedIds));
    filled.threads += documents.length;
  }
  for await (const { documents } of changedUsers(sql, from))
    await statements.add(documents.length, () => replaceNames(sql, schema, documents));
  await statements.finished();
  await saveCounts(sql, schema, vocabulary);
  await countPostsOfUsers(sql, schema);
  await fillCompletions(sql, schema, previous?.revision);
  if (isNew) {
    await sql`
      insert into search_next.blocks (type, block)
      select 'thread', tid >> ${blockBits} from search_next.threads group by 2`;
    await finishRebuild(sql, phase, signal, (transaction) => save(filled, transaction));
    return filled;
  }
  if (previous.is_changing) await recountMonths(sql, timezone);
  await sql`delete from search.months where post_count = 0`;
  const [size = filled] = await sql<Filled[]>`
    select post_count as posts, thread_count as threads from search.state where engine = 'postgres'`;
  await save(size);
  return size;
}

async function countPostsOfUsers(sql: Sql, schema: Schema): Promise<void> {
  const counts = sql`(select uid, post_count from baked.poster_stats where year = 0 and bid = 0)`;
  await sql`
    update ${sql(schema)}.names n set post_count = s.post_count from ${counts} s
    where s.uid = n.uid and s.post_count <> n.post_count`;
  await sql`
    update ${sql(schema)}.names n set post_count = 0
    where n.post_count <> 0 and not exists (select from ${counts} s where s.uid = n.uid)`;
}

/** All posts, as rows for {@link postsPerMonth}. */
const allPosts = (sql: Sql, schema: Schema): ReturnType<Sql> =>
  sql`(select bid, timestamp, 1 as n from ${sql(schema)}.posts)`;

/**
 * Counts the posts per month anew. A statement of a killed run may still have been running when this run's statement for
 * the same posts began, which then did not see that they had been counted.
 */
async function recountMonths(sql: Sql, timezone: string): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`delete from search.months`;
    await transaction`
      insert into search.months (bid, month, post_count)
      ${postsPerMonth(sql, allPosts(sql, "search"), timezone)}`;
  });
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

/**
 * The indexes of a new table. Posts come in the order of the crawl: sorted by id, those of a block share their pages, so
 * that a search reads fewer.
 */
function finishingStatements(table: (typeof documentTables)[number]): string[] {
  const [primaryKey = "", ...others] = createIndexes(table, "search_next");
  const isSorted = table === searchTables.posts;
  return [primaryKey, ...(isSorted ? ["cluster search_next.posts using posts_pkey"] : []), ...others];
}

async function finishRebuild(
  sql: Sql,
  phase: Phase,
  signal: AbortSignal | undefined,
  save: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  phase.detail("indexes");
  for (const table of documentTables)
    for (const statement of finishingStatements(table)) {
      signal?.throwIfAborted();
      await sql.begin(async (transaction) => {
        await transaction.unsafe("set local maintenance_work_mem = '256MB'");
        await transaction.unsafe(statement);
      });
    }
  for (const { name } of documentTables.map(getTableConfig)) await sql.unsafe(`analyze search_next.${name}`);
  await giveGrants(sql, "search_next", await readGrants(sql, "search"));
  await swapIn(sql, save, signal);
}

/** Loads all posts into new tables. @returns their number */
async function loadPosts(
  sql: Sql,
  batches: AsyncGenerator<Changes<PostDocument>>,
  timezone: string,
  phase: Phase,
  signal?: AbortSignal,
): Promise<number> {
  let count = 0;
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
          const full = copy.row([pid, tid, bid, uid, timestamp, words, forms]);
          if (full) await full;
        }
        count += documents.length;
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
  await sql`
    insert into search_next.months (bid, month, post_count)
    ${postsPerMonth(sql, allPosts(sql, "search_next"), timezone)}`;
  return count;
}

/** Words per statement. */
const wordBatch = 20_000;

/** Adds the numbers of documents with each word. */
async function saveCounts(sql: Sql, schema: Schema, vocabulary: Vocabulary): Promise<void> {
  if (schema === "search_next") {
    await copyInto(sql, "search_next.words", ["word", "count"], async (copy) => {
      for (const entry of vocabulary.counts()) {
        const full = copy.row(entry);
        if (full) await full;
      }
    });
    return;
  }
  const entries = [...vocabulary.counts()];
  for (let at = 0; at < entries.length; at += wordBatch) {
    const batch = entries.slice(at, at + wordBatch);
    await sql`
      insert into search.words (word, count)
      select * from unnest(${batch.map(([word]) => word)}::text[], ${batch.map(([, count]) => count)}::int[])
      on conflict (word) do update set count = words.count + excluded.count`;
  }
}

/** Milliseconds that the swap waits for running searches. It must be short, because new searches queue behind it. */
const lockTimeout_ms = 200;
/** PostgreSQL's lock_not_available. */
const retryLockTimeouts = retry(handleWhen(isLockTimeout), { maxAttempts: 299, backoff: new ConstantBackoff(100) });

/** Replaces the old tables in one short transaction, and saves their state with them. */
async function swapIn(
  sql: Sql,
  save: (transaction: Transaction) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const names = documentTables.map((table) => getTableConfig(table).name);
  await retryLockTimeouts.execute(() => {
    signal?.throwIfAborted();
    return sql.begin(async (transaction) => {
      await transaction.unsafe(`
        set local lock_timeout = ${lockTimeout_ms};
        drop table if exists ${names.map((name) => `search.${name}`).join(", ")};
        ${names.map((name) => `alter table search_next.${name} set schema search;`).join("\n")}
        drop schema search_next;`);
      await save(transaction);
    });
  });
}
