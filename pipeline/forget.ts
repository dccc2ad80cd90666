/** Forgets a user everywhere: in crawled tables, statistics, search indexes, files and the shared cache. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { CommandError, interruptible, messageOf } from "@potstats/cli/command";
import { openProgress, type Progress } from "@potstats/cli/progress";
import type { readSettings } from "@potstats/cli/settings";
import type { Sql } from "@potstats/db/connect";
import { forget, whoIs } from "@potstats/db/forget/forget";
import { scrub, sizeToRewrite } from "@potstats/db/forget/scrub";
import { AlreadyRunning, type LockName, withLock } from "@potstats/db/locks";
import { openDatabase } from "@potstats/db/open";
import { openMeilisearch } from "@potstats/search/embedded";
import { fillIndex } from "@potstats/search/fill";
import { invalidate } from "@potstats/server/cache/counters";
import { openStore } from "@potstats/server/cache/open-store";
import type { RedisLike } from "@potstats/server/cache/redis";
import { timeout, TimeoutStrategy } from "cockatiel";

export const forgetSettings = [
  "DATABASE_URL",
  "DATA_DIR",
  "MEILI_URL",
  "MEILI_MASTER_KEY",
  "REDIS_URL",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  "STATS_TIMEZONE",
  "FORUM_URL",
] as const;
type ForgetSettings = ReturnType<typeof readSettings<(typeof forgetSettings)[number]>>;

/**
 * Forgets the user if confirmed; otherwise shows who the user is and what forgetting takes. Each step can be repeated, so
 * running it again finishes an interrupted or failed run.
 * @throws CommandError if there is no such user, or a step failed; AlreadyRunning during a crawl
 */
export async function forgetUser(uid: number, isConfirmed: boolean, settings: ForgetSettings): Promise<void> {
  const progress = openProgress();
  const { signal, release } = interruptible();
  const database = await openDatabase(settings, { max: 10, name: "potstats forget", say: progress.note });
  try {
    if (isConfirmed) await forgetEverywhere({ sql: database.sql, settings, progress, signal }, uid);
    else console.log(await preview(database.sql, uid));
  } finally {
    progress.close();
    await database.close();
    release();
  }
}

/** Bytes per second at which a slow disk rewrites a table. */
const rewriteSpeed_bytes_s = 50e6;

async function preview(sql: Sql, uid: number): Promise<string> {
  const { name, posts, forgotten_at } = await whoIs(sql, uid);
  const { bytes, size } = await sizeToRewrite(sql);
  const minutes = Math.max(1, Math.ceil(bytes / rewriteSpeed_bytes_s / 60));
  const forgotten = forgotten_at ? `, forgotten on ${forgotten_at.toISOString().slice(0, 10)}` : "";
  return `user ${uid}, ${name || "without a name"}, ${posts} posts${forgotten}: add --yes to forget them; only a backup could undo that
Statistics and search are rebuilt, during which everything stays readable. Then ${size} of tables are rewritten: that needs as much free disk space, and searches may have to wait up to ${minutes} min.`;
}

interface Run {
  sql: Sql;
  settings: ForgetSettings;
  progress: Progress & { close(): void };
  signal: AbortSignal;
}

async function forgetEverywhere(run: Run, uid: number): Promise<void> {
  const { sql, settings, progress, signal } = run;
  await whoIs(sql, uid);
  const { posts, quoting, broken } = await forget(sql, uid, join(settings.DATA_DIR, "broken"), progress);
  progress.note(`${posts} texts deleted, and quotes of them from ${quoting} posts by others`);
  if (broken > 0) progress.note(`${broken} broken documents deleted`);
  signal.throwIfAborted();
  const remains = [...(await rebuild(run)), ...(await scrub(sql, progress)), ...(await emptyCache(settings))];
  progress.close();
  console.log(`user ${uid} is forgotten`);
  console.log("What remains, and until when:");
  for (const remaining of [...remains, ...undeletable]) console.log(`- ${remaining}`);
}

/** Data that no command can delete. */
const undeletable = [
  "backups and copies of the database hold it until you delete them",
  "browsers and proxies may show a cached answer for another minute",
  "thread titles, and what others wrote in their own words",
];

/**
 * Rebuilds statistics and search in full, because an incremental run leaves old rows in pages, and old documents in
 * Meilisearch's files.
 * @returns what remains, as sentences
 */
async function rebuild({ sql, settings, progress, signal }: Run): Promise<string[]> {
  const { STATS_TIMEZONE: timezone, FORUM_URL: forumUrl, DATA_DIR, MEILI_URL } = settings;
  const started = new Date();
  const full = { sql, full: true, progress, signal };
  await stage(sql, "analyze", progress, () => analyze({ ...full, timezone, forumUrl }));
  signal.throwIfAborted();
  await stage(sql, "index", progress, async () => {
    const meili = await openMeilisearch({ ...settings, say: progress.note });
    try {
      await fillIndex({ ...full, meili: meili ?? undefined });
    } finally {
      await meili?.close();
    }
  });
  signal.throwIfAborted();
  const embedded = join(DATA_DIR, "meilisearch/db");
  if (!(await exists(embedded))) return [];
  if (MEILI_URL) return [`${embedded} belongs to an embedded Meilisearch that is no longer used: delete it`];
  if (await isRebuilt(sql, started)) return [];
  throw new CommandError(
    `the embedded Meilisearch does not run, and ${embedded} still holds the data: delete that folder and run this again`,
  );
}

/** Runs a stage, after waiting for one that is already running. @throws CommandError if it fails */
async function stage(sql: Sql, name: LockName, progress: Progress, run: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await run();
      return;
    } catch (error) {
      if (error instanceof Error && error.name === "AbortError") throw error;
      if (!(error instanceof AlreadyRunning))
        throw new CommandError(
          `${name} failed, so the user is not forgotten yet: run this again (${messageOf(error)})`,
        );
    }
    progress.note(`waiting for the ${name} that is already running`);
    await withLock(sql, name, async () => {}, { wait: true });
  }
}

/** Whether Meilisearch's indexes were rebuilt after that time. */
async function isRebuilt(sql: Sql, since: Date): Promise<boolean> {
  const rows = await sql`select 1 from search.state where engine = 'meilisearch' and finished_at >= ${since}`;
  return rows.length > 0;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const cacheTimeout_ms = 30_000;

/** Empties the cache that servers share. @returns what remains, as sentences @throws CommandError if that fails */
async function emptyCache(settings: ForgetSettings): Promise<string[]> {
  const redis = (url: string) =>
    new Bun.RedisClient(url, { connectionTimeout: 5000, autoReconnect: false }) as unknown as RedisLike;
  const store = openStore(settings, redis, cacheTimeout_ms);
  if (!store) return [];
  try {
    await timeout(cacheTimeout_ms, TimeoutStrategy.Aggressive).execute(() => invalidate(store));
  } catch (error) {
    throw new CommandError(
      `the shared cache could not be emptied, so the user is not forgotten yet: run this again (${messageOf(error)})`,
    );
  } finally {
    store.close();
  }
  return ["Redis may hold it in its own files until it rewrites them (BGSAVE, BGREWRITEAOF)"];
}
