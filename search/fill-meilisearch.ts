/** Brings Meilisearch's indexes up to date. */
import type { Phase } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import type { Index, Meilisearch, Settings } from "meilisearch";
import { changedPosts, changedThreads, type Changes } from "./documents.ts";
import { indexes, postSettings, threadSettings } from "./settings.ts";

/** Documents sent at once, and milliseconds until a task counts as stuck. */
const batchSize = 20_000;
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
 * @returns number of posts and threads in the indexes
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
): Promise<{ posts: number; threads: number }> {
  const from = since ?? -1;
  const posts: Target = { name: indexes.post, key: "pid", settings: postSettings };
  const threads: Target = { name: indexes.thread, key: "tid", settings: threadSettings };
  for (const target of [posts, threads]) await prepare(client, target, since === undefined);
  const into = (target: Target) => client.index(since === undefined ? `${target.name}_next` : target.name);

  await send(into(posts), posts.key, postDocuments(sql, from, timezone), phase, signal);
  await send(into(threads), threads.key, threadDocuments(sql, from, timezone), phase, signal);
  if (since === undefined) {
    const swaps = [posts, threads].map(({ name }) => ({
      indexes: [name, `${name}_next`] as [string, string],
      rename: false,
    }));
    await client.swapIndexes(swaps).waitTask(waiting);
    for (const { name } of [posts, threads]) await client.deleteIndex(`${name}_next`).waitTask(waiting);
  }
  const count = async ({ name }: Target) => (await client.index(name).getStats()).numberOfDocuments;
  return { posts: await count(posts), threads: await count(threads) };
}

/** Makes the index where it is missing and applies its settings; a fresh one beside it for a full fill. */
async function prepare(client: Meilisearch, { name, key, settings }: Target, fresh: boolean): Promise<void> {
  if (fresh) await client.deleteIndexIfExists(`${name}_next`);
  for (const wanted of fresh ? [name, `${name}_next`] : [name]) {
    // Fails harmlessly where the index is there already.
    await client.createIndex(wanted, { primaryKey: key }).waitTask(waiting);
    await client.index(wanted).updateSettings(settings).waitTask(waiting);
  }
}

async function* postDocuments(
  sql: Sql,
  since: number,
  timezone: string,
): AsyncGenerator<Changes<Record<string, unknown>>> {
  for await (const { put, remove } of changedPosts(sql, since, timezone)) {
    yield {
      put: put.map(({ words, timestamp, ...post }) => ({
        ...post,
        text: words.join(" "),
        timestamp: timestamp.getTime() / 1000,
      })),
      remove,
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
      put: put.map(({ title, subtitle, timestamp, ...thread }) => ({
        ...thread,
        title: title.join(" "),
        subtitle: subtitle.join(" "),
        timestamp: timestamp === null ? null : timestamp.getTime() / 1000,
      })),
      remove,
    };
  }
}

/** Sends batches; one may wait in Meilisearch's queue while the next is gathered, so memory stays bounded. */
async function send(
  index: Index,
  key: string,
  changes: AsyncGenerator<Changes<Record<string, unknown>>>,
  phase: Phase,
  signal?: AbortSignal,
): Promise<void> {
  let batch: Record<string, unknown>[] = [];
  let pending: Promise<unknown> = Promise.resolve();
  const enqueue = async (task: () => Promise<{ status: string; error: unknown }>) => {
    await pending;
    pending = task().then(({ status, error }) => {
      if (status === "failed") throw new Error(`Meilisearch refused documents: ${JSON.stringify(error)}`);
    });
    // Awaited at the next batch or at the end.
    pending.catch(() => {});
  };
  const flush = () => {
    const documents = batch;
    batch = [];
    return enqueue(() => index.addDocuments(documents, { primaryKey: key }).waitTask(waiting));
  };
  for await (const { put, remove } of changes) {
    signal?.throwIfAborted();
    batch.push(...put);
    phase.add(put.length + remove.length);
    if (remove.length > 0) await enqueue(() => index.deleteDocuments(remove).waitTask(waiting));
    if (batch.length >= batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  await pending;
}
