/** Brings Meilisearch's indexes up to date. */
import type { Phase } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import type { EnqueuedTaskPromise, Index, Meilisearch, Settings } from "meilisearch";
import { changedPosts, changedThreads, changedUsers, type Changes } from "./documents.ts";
import { foldWords } from "../words/fold.ts";
import { formToken, indexId, wordToken } from "../engines/meilisearch.ts";
import { indexes, postSettings, threadSettings, userSettings } from "./meilisearch-settings.ts";

/** Documents sent at once, and characters: Meilisearch takes 100 MB. */
const batchSize = 20_000;
const batchLength = 20_000_000;
/** Milliseconds until a task counts as stuck. */
const patience_ms = 30 * 60_000;
const waiting = { timeout: patience_ms, interval: 50 };

interface Target {
  name: string;
  key: string;
  settings: Settings;
}

/**
 * Fills the indexes: what changed after `since`, or, with undefined, everything into fresh indexes that are swapped in
 * when they are complete.
 * @returns number of posts and threads in the indexes, and which indexes they are
 */
export async function fillMeilisearch(
  client: Meilisearch,
  sql: Sql,
  {
    since,
    timezone,
    phase,
    signal,
  }: { since: number | undefined; timezone: string; phase: Phase; signal?: AbortSignal | undefined },
): Promise<{ posts: number; threads: number; index_id: string }> {
  const from = since ?? -1;
  const posts: Target = { name: indexes.post, key: "pid", settings: postSettings };
  const threads: Target = { name: indexes.thread, key: "tid", settings: threadSettings };
  const users: Target = { name: indexes.user, key: "uid", settings: userSettings };
  const targets = [posts, threads, users];
  if (since === undefined) await Promise.all(targets.map((target) => prepare(client, target)));
  const into = (target: Target) => client.index(since === undefined ? `${target.name}_next` : target.name);

  await send(into(posts), posts.key, postDocuments(sql, from, timezone), phase, signal);
  await send(into(threads), threads.key, threadDocuments(sql, from, timezone), phase, signal);
  await send(into(users), users.key, userDocuments(sql, from), phase, signal);
  if (since === undefined) {
    const swaps = targets.map(({ name }) => ({ indexes: [name, `${name}_next`] as [string, string], rename: false }));
    await succeeded(client.swapIndexes(swaps));
    await Promise.all(targets.map(({ name }) => succeeded(client.deleteIndex(`${name}_next`))));
  }
  const count = async ({ name }: Target) => (await client.index(name).getStats()).numberOfDocuments;
  return { posts: await count(posts), threads: await count(threads), index_id: await indexId(client) };
}

/** Waits for a task. @throws Error when Meilisearch could not do it */
async function succeeded(task: EnqueuedTaskPromise): Promise<void> {
  const { status, type, error } = await task.waitTask(waiting);
  if (status !== "succeeded") throw new Error(`Meilisearch refused ${type}: ${error?.message ?? status}`);
}

/** Makes a fresh index beside the one that there is, or that an empty one stands for. */
async function prepare(client: Meilisearch, { name, key, settings }: Target): Promise<void> {
  const next = `${name}_next`;
  const enqueued: EnqueuedTaskPromise[] = [];
  // They are done in this order. The first two fail harmlessly where there is nothing to delete, or the index is there already.
  for (const step of [
    () => client.deleteIndex(next),
    () => client.createIndex(name, { primaryKey: key }),
    () => client.createIndex(next, { primaryKey: key }),
    () => client.index(next).updateSettings(settings),
  ]) {
    const task = step();
    enqueued.push(task);
    await task;
  }
  for (const task of enqueued.slice(2)) await succeeded(task);
}

const written = (words: string[]) => words.map(wordToken).join(" ");
const found = (forms: string[]) => forms.map(formToken).join(" ");

async function* postDocuments(
  sql: Sql,
  since: number,
  timezone: string,
): AsyncGenerator<Changes<Record<string, unknown>>> {
  for await (const { put, ...rest } of changedPosts(sql, since, timezone)) {
    yield {
      ...rest,
      put: put.map(({ words, forms, timestamp, ...post }) => ({
        ...post,
        text: written(words),
        forms: found(forms),
        timestamp: timestamp.getTime() / 1000,
      })),
    };
  }
}

async function* threadDocuments(
  sql: Sql,
  since: number,
  timezone: string,
): AsyncGenerator<Changes<Record<string, unknown>>> {
  for await (const { put, remove } of changedThreads(sql, since, timezone)) {
    yield {
      put: put.map(({ title, words, forms, timestamp, ...thread }) => ({
        ...thread,
        title: written(title),
        text: written(words.slice(title.length)),
        forms: found(forms),
        timestamp: timestamp === null ? null : timestamp.getTime() / 1000,
      })),
      remove,
    };
  }
}

async function* userDocuments(sql: Sql, since: number): AsyncGenerator<Changes<Record<string, unknown>>> {
  for await (const { put, remove } of changedUsers(sql, since)) {
    yield {
      put: put.map(({ uid, names }) => ({ uid, names: names.map((name) => foldWords(name).join(" ")) })),
      remove,
    };
  }
}

/** Characters of a document's texts. */
const lengthOf = (document: Record<string, unknown>): number =>
  Object.values(document).reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0);

/** Sends batches; one may wait in Meilisearch's queue while the next is gathered, so memory stays bounded. */
async function send(
  index: Index,
  key: string,
  changes: AsyncGenerator<Changes<Record<string, unknown>>>,
  phase: Phase,
  signal?: AbortSignal,
): Promise<void> {
  let batch: Record<string, unknown>[] = [];
  let length = 0;
  let pending: Promise<unknown> = Promise.resolve();
  const enqueue = async (task: () => EnqueuedTaskPromise) => {
    signal?.throwIfAborted();
    await pending;
    pending = succeeded(task());
    // Awaited at the next batch or at the end.
    pending.catch(() => {});
  };
  const flush = () => {
    const documents = batch;
    batch = [];
    length = 0;
    return enqueue(() => index.addDocuments(documents, { primaryKey: key }));
  };
  for await (const { put, remove, skipped = 0 } of changes) {
    for (const document of put) {
      batch.push(document);
      length += lengthOf(document);
      if (length >= batchLength) await flush();
    }
    phase.add(put.length + remove.length + skipped);
    if (remove.length > 0) await enqueue(() => index.deleteDocuments(remove));
    if (batch.length >= batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  await pending;
}
