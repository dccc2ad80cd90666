/** Updates Meilisearch's indexes. */
import type { Phase } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { posts as postTable, threads as threadTable } from "@potstats/db/search-index";
import type { EnqueuedTaskPromise, Index, Meilisearch, Settings } from "meilisearch";
import { foldWords } from "../words/fold.ts";
import { changedPids, changedUsers, type Changes, gap } from "./documents.ts";
import type { FillEngineOptions } from "./fill-engine.ts";
import { filterValue, type FilterKind, isFilterWord } from "./filter-words.ts";
import { indexId } from "./meilisearch-client.ts";
import { indexes, postSettings, threadSettings, userSettings } from "./meilisearch-settings.ts";
import { tokenOf } from "./tokens.ts";

/**
 * Documents per request, and their characters: Meilisearch accepts 100 MB. Large batches cost less time and disk: each
 * rewrites the lists of all common words.
 */
const batchSize = 100_000;
/** Rows read at a time. */
const rowsPerBatch = 5000;
const batchLength = 60_000_000;
const waitOptions = { timeout: 30 * 60_000, interval: 100 };

type Document = Record<string, unknown>;

interface Target {
  name: string;
  key: string;
  settings: Settings;
}

/**
 * Indexes what changed after `since`, or, if that is undefined, everything, into new indexes that are swapped in when
 * complete.
 * @returns number of posts and threads in the indexes, and the identity of the posts' index
 */
export async function fillMeilisearch(
  client: Meilisearch,
  sql: Sql,
  { since, timezone, phase, signal }: FillEngineOptions,
): Promise<{ posts: number; threads: number; index_id: string }> {
  const isNew = since === undefined;
  const from = since ?? -1;
  const posts: Target = { name: indexes.post, key: "pid", settings: postSettings };
  const threads: Target = { name: indexes.thread, key: "tid", settings: threadSettings };
  const users: Target = { name: indexes.user, key: "uid", settings: userSettings };
  const targets = [posts, threads, users];
  if (isNew) await Promise.all(targets.map((target) => createNext(client, target)));
  const send = (target: Target, changes: AsyncGenerator<Changes<Document>>) =>
    sendChanges(client.index(isNew ? `${target.name}_next` : target.name), target.key, changes, phase, signal);
  await send(posts, postDocuments(sql, from, timezone));
  await send(threads, threadDocuments(sql, from, timezone));
  await send(users, userDocuments(sql, from));
  if (isNew) await swapIn(client, targets);
  const count = async ({ name }: Target) => (await client.index(name).getStats()).numberOfDocuments;
  return { posts: await count(posts), threads: await count(threads), index_id: await indexId(client) };
}

/** Waits for a task. @throws Error if it failed */
async function succeeded(task: EnqueuedTaskPromise): Promise<void> {
  const { status, type, error } = await task.waitTask(waitOptions);
  if (status !== "succeeded") throw new Error(`Meilisearch refused ${type}: ${error?.message ?? status}`);
}

/** Creates an empty `…_next` index, and the current one if it is missing, so that the two can be swapped. */
async function createNext(client: Meilisearch, { name, key, settings }: Target): Promise<void> {
  const next = `${name}_next`;
  // Meilisearch runs tasks in order. The first two fail harmlessly if there is nothing to delete or the index already
  // exists.
  const enqueued: EnqueuedTaskPromise[] = [];
  for (const enqueue of [
    () => client.deleteIndex(next),
    () => client.createIndex(name, { primaryKey: key }),
    () => client.createIndex(next, { primaryKey: key }),
    () => client.index(next).updateSettings(settings),
  ]) {
    const task = enqueue();
    enqueued.push(task);
    await task;
  }
  for (const task of enqueued.slice(2)) await succeeded(task);
}

async function swapIn(client: Meilisearch, targets: Target[]): Promise<void> {
  const swaps = targets.map(({ name }) => ({ indexes: [name, `${name}_next`] as [string, string], rename: false }));
  await succeeded(client.swapIndexes(swaps));
  await Promise.all(targets.map(({ name }) => succeeded(client.deleteIndex(`${name}_next`))));
}

/**
 * Meilisearch keeps a list of documents per word and position, with the lengths of the positions growing like powers of
 * two. We do not rank by position: behind this many empty texts, which count eight each, nearly all words share one.
 */
const positionShift: string[] = Array.from({ length: 16 }, () => "");

interface Texts {
  words: string;
  forms: string;
}

/** The words and forms of a row of PostgreSQL's index, each once, and its filters of one kind. */
function readTexts({ words, forms }: Texts, kind: FilterKind): { words: string[]; filters: string[] } {
  const all = new Set((words + forms).split(" "));
  all.delete("");
  all.delete(gap);
  const filters: string[] = [];
  const tokens: string[] = [];
  for (const word of all) {
    const value = filterValue(kind, word);
    if (value !== undefined) filters.push(value);
    else if (!isFilterWord(word)) tokens.push(tokenOf(word));
  }
  return { words: [...positionShift, tokens.join(" ")], filters };
}

/** Year and day, since 1970, of `d.timestamp` in the time zone. */
const dateColumns = (sql: Sql, timezone: string) => {
  const time = sql`timezone(${timezone}, timezone('UTC', d.timestamp))`;
  return sql`extract(year from ${time})::int as year, ${time}::date - date '1970-01-01' as day`;
};

type PostRow = Row<typeof postTable, "pid" | "tid" | "bid" | "uid" | "words" | "forms"> & {
  year: number;
  day: number;
};

/** Posts from PostgreSQL's index, which was filled before. */
async function* postDocuments(sql: Sql, since: number, timezone: string): AsyncGenerator<Changes<Document>> {
  const rows = sql<PostRow[]>`
    select d.pid, d.tid, d.bid, d.uid, d.words, d.forms, ${dateColumns(sql, timezone)} from search.posts d
    ${since < 0 ? sql`` : sql`where d.pid in (${changedPids(sql, since)})`}`;
  for await (const batch of rows.cursor(rowsPerBatch)) {
    const documents = batch.map(({ words, forms, ...row }) => {
      const texts = readTexts({ words, forms }, "link");
      return { ...row, has: texts.filters, words: texts.words };
    });
    yield { documents, deletedIds: [] };
  }
  if (since < 0) return;
  const gone = await sql<Row<typeof postTable, "pid">[]>`
    select c.pid from (${changedPids(sql, since)}) c where not exists (select from search.posts d where d.pid = c.pid)`;
  yield { documents: [], deletedIds: gone.map(({ pid }) => pid) };
}

type ThreadRow = Row<typeof threadTable, "tid" | "bid" | "uid" | "words" | "forms"> & {
  year: number | null;
  day: number | null;
};

async function* threadDocuments(sql: Sql, since: number, timezone: string): AsyncGenerator<Changes<Document>> {
  const changed = sql`select tid from baked.threads where revision > ${since}`;
  const rows = sql<ThreadRow[]>`
    select d.tid, d.bid, d.uid, d.words, d.forms, ${dateColumns(sql, timezone)} from search.threads d
    ${since < 0 ? sql`` : sql`where d.tid in (${changed})`}`;
  for await (const batch of rows.cursor(rowsPerBatch)) {
    const documents = batch.map(({ words, forms, ...row }) => {
      const texts = readTexts({ words, forms }, "tag");
      return { ...row, tags: texts.filters.map(tokenOf), words: texts.words };
    });
    yield { documents, deletedIds: [] };
  }
  if (since < 0) return;
  const gone = await sql<Row<typeof threadTable, "tid">[]>`
    select c.tid from (${changed}) c where not exists (select from search.threads d where d.tid = c.tid)`;
  yield { documents: [], deletedIds: gone.map(({ tid }) => tid) };
}

async function* userDocuments(sql: Sql, since: number): AsyncGenerator<Changes<Document>> {
  for await (const { documents, deletedIds } of changedUsers(sql, since)) {
    yield {
      documents: documents.map(({ uid, names }) => ({ uid, names: names.map((name) => foldWords(name).join(" ")) })),
      deletedIds,
    };
  }
}

/** Sends batches. One may wait in Meilisearch's queue while the next is collected, which bounds memory. */
async function sendChanges(
  index: Index,
  key: string,
  changes: AsyncGenerator<Changes<Document>>,
  phase: Phase,
  signal?: AbortSignal,
): Promise<void> {
  let batch: string[] = [];
  let length = 0;
  let pending: Promise<unknown> = Promise.resolve();
  const enqueue = async (task: () => EnqueuedTaskPromise) => {
    signal?.throwIfAborted();
    await pending;
    pending = succeeded(task());
    // Awaited with the next batch or at the end.
    pending.catch(() => {});
  };
  const flush = () => {
    const documents = batch;
    batch = [];
    length = 0;
    const lines = documents.join("\n");
    return enqueue(() => index.addDocumentsFromString(lines, "application/x-ndjson", { primaryKey: key }));
  };
  for await (const { documents, deletedIds, skipped = 0 } of changes) {
    for (const document of documents) {
      const line = JSON.stringify(document);
      batch.push(line);
      length += line.length;
      if (length >= batchLength) await flush();
    }
    phase.add(documents.length + deletedIds.length + skipped);
    if (deletedIds.length > 0) await enqueue(() => index.deleteDocuments(deletedIds));
    if (batch.length >= batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  await pending;
}
