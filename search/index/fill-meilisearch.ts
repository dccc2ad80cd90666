/** Updates Meilisearch's indexes. */
import type { Phase } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import type { EnqueuedTaskPromise, Meilisearch, Settings } from "meilisearch";
import type { Changes } from "./documents.ts";
import type { Filled, FillEngineOptions } from "./fill-engine.ts";
import { dropBuild, openBuild } from "./meilisearch-build.ts";
import { indexId } from "./meilisearch-client.ts";
import {
  changedPostDocuments,
  type Document,
  storedPosts,
  threadDocuments,
  userDocuments,
} from "./meilisearch-documents.ts";
import { indexes, postSettings, threadSettings, userSettings } from "./meilisearch-settings.ts";
import { succeeded, taskQueue } from "./meilisearch-tasks.ts";

/** Documents per request, and their characters: Meilisearch accepts 100 MB. */
const requestSize = 25_000;
const requestLength = 15_000_000;

interface Target {
  name: string;
  key: string;
  settings: Settings;
}

const posts: Target = { name: indexes.post, key: "pid", settings: postSettings };
const threads: Target = { name: indexes.thread, key: "tid", settings: threadSettings };
const users: Target = { name: indexes.user, key: "uid", settings: userSettings };
const allTargets = [posts, threads, users];
const nextOf = (target: Target): Target => ({ ...target, name: `${target.name}_next` });

/** The state is saved by the caller, once it has checked the indexes. */
type MeilisearchFill = Omit<FillEngineOptions, "save">;

/**
 * Indexes what changed since the previous run, or, if there is none, everything, into new indexes that are swapped in when
 * complete.
 * @returns number of posts and threads in the indexes, and the identity of their contents
 */
export async function fillMeilisearch(
  client: Meilisearch,
  sql: Sql,
  options: MeilisearchFill,
): Promise<Filled & { index_id: string }> {
  if (options.previous) await update(client, sql, options.previous.revision, options);
  else await rebuild(client, sql, options);
  return { posts: await count(client, posts), threads: await count(client, threads), index_id: await indexId(client) };
}

const count = async (client: Meilisearch, { name }: Target) => (await client.index(name).getStats()).numberOfDocuments;

async function update(
  client: Meilisearch,
  sql: Sql,
  since: number,
  { analysis, phase, signal }: MeilisearchFill,
): Promise<void> {
  await send(client, posts, changedPostDocuments(sql, since, analysis.timezone), phase, signal);
  await send(client, threads, threadDocuments(sql, since, analysis.timezone), phase, signal);
  await send(client, users, userDocuments(sql, since), phase, signal);
  await dropBuild(
    client,
    sql,
    allTargets.map((target) => nextOf(target).name),
  );
}

async function rebuild(client: Meilisearch, sql: Sql, options: MeilisearchFill): Promise<void> {
  const { analysis, phase, signal } = options;
  const { timezone } = analysis;
  const [nextPosts, nextThreads, nextUsers] = [nextOf(posts), nextOf(threads), nextOf(users)];
  const build = await openBuild(client, sql, nextPosts.name, () => create(client, nextPosts), options);
  if (build.page > 0) phase.add(await count(client, nextPosts));
  await send(client, nextPosts, storedPosts(sql, timezone, build.page), phase, signal, build.save);
  if (build.revision < analysis.revision)
    await send(client, nextPosts, changedPostDocuments(sql, build.revision, timezone), phase, signal);
  await Promise.all([create(client, nextThreads), create(client, nextUsers)]);
  await send(client, nextThreads, threadDocuments(sql, -1, timezone), phase, signal);
  await send(client, nextUsers, userDocuments(sql, -1), phase, signal);
  await swapIn(client, allTargets);
  await build.finish();
}

/** Creates an empty index, in place of any of this name. */
async function create(client: Meilisearch, { name, key, settings }: Target): Promise<void> {
  // Meilisearch runs tasks in order. The first fails harmlessly if there is nothing to delete.
  await client.deleteIndex(name);
  await succeeded(client.createIndex(name, { primaryKey: key }));
  await succeeded(client.index(name).updateSettings(settings));
}

/** Swaps the new indexes in, and deletes the old ones. */
async function swapIn(client: Meilisearch, targets: Target[]): Promise<void> {
  // Only two existing indexes can be swapped; these tasks fail harmlessly if the index exists.
  for (const { name, key } of targets) await client.createIndex(name, { primaryKey: key });
  const swaps = targets.map((target) => ({
    indexes: [target.name, nextOf(target).name] as [string, string],
    rename: false,
  }));
  await succeeded(client.swapIndexes(swaps));
  await Promise.all(targets.map((target) => succeeded(client.deleteIndex(nextOf(target).name))));
}

/**
 * Sends documents in requests of many. Some may wait in Meilisearch's queue while the next is collected.
 * @param save called with the page up to which everything has been indexed
 */
async function send(
  client: Meilisearch,
  { name, key }: Target,
  changes: AsyncGenerator<Changes<Document> & { page?: number }>,
  phase: Phase,
  signal: AbortSignal | undefined,
  save?: (page: number) => Promise<unknown>,
): Promise<void> {
  const index = client.index(name);
  let lines: string[] = [];
  let length = 0;
  let page: number | undefined;
  const queue = taskQueue();
  const enqueue = (request: () => EnqueuedTaskPromise) => {
    signal?.throwIfAborted();
    const sent = page;
    return queue.add(request, async () => {
      if (sent !== undefined) await save?.(sent);
    });
  };
  const flush = () => {
    const body = lines.join("\n");
    lines = [];
    length = 0;
    return enqueue(() => index.addDocumentsFromString(body, "application/x-ndjson", { primaryKey: key }));
  };
  for await (const { documents, deletedIds, page: next } of changes) {
    for (const document of documents) {
      const line = JSON.stringify(document);
      lines.push(line);
      length += line.length;
      if (length >= requestLength) await flush();
    }
    page = next;
    phase.add(documents.length + deletedIds.length);
    if (deletedIds.length > 0) await enqueue(() => index.deleteDocuments(deletedIds));
    if (lines.length >= requestSize) await flush();
  }
  if (lines.length > 0) await flush();
  await queue.finish();
}
