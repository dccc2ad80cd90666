/** The crawl: work list, boards, listings, threads, profiles. Its only checkpoint is the database. */
import type { Progress } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import { drizzleOn } from "@potstats/db/drizzle";
import type { Row } from "@potstats/db/row";
import { type threads, worldeaterState } from "@potstats/db/crawled";
import { bulkhead } from "cockatiel";
import { type Forum, type KnownThread, openForum } from "./forum/client.ts";
import { ForumRefusesError } from "./forum/errors.ts";
import type { Traffic } from "./forum/request.ts";
import type { Patience } from "./forum/retry.ts";
import { maxId } from "./read/xml.ts";
import { describe, type Effects } from "./store/changes.ts";
import { mentionsForgotten } from "./store/forgotten.ts";
import { type Lock, takeLock } from "./store/lock.ts";
import { isOutage, outlast } from "./store/outage.ts";
import { CommitQueue } from "./store/commit-queue.ts";
import { readBoards } from "./walk/board-list.ts";
import { walkBoard } from "./walk/listing.ts";
import { patrol } from "./walk/patrol.ts";
import { fetchProfiles, type ProfileCounts, reparseProfiles } from "./walk/profiles.ts";
import { type Failure, isInterruption, type Run } from "./walk/run.ts";
import { WorkListReader } from "./walk/read-work-list.ts";
import { perPage } from "./walk/pages.ts";

/** Default share of an update pass's requests that the patrol may make. */
export const defaultPatrol = 0.05;

export interface CrawlOptions {
  sql: Sql;
  /** What precedes `/bb/…`. */
  forumUrl: string;
  /** What precedes `/<uid>`. */
  profilesUrl: string;
  /** Boards to walk after the work list; none by default. */
  boards?: number[] | "all";
  /** Only the work list. */
  onlyPending?: boolean;
  /** Read every listed thread of the boards again. */
  forceInitialPass?: boolean;
  /** Also fetch the user profiles. */
  profiles?: boolean;
  /** Refresh profiles fetched more than this many days ago. */
  profilesOlderThan_days?: number | null;
  /** Parse the stored profile pages again, and do nothing else. */
  reparseProfiles?: boolean;
  /** Read threads with posts in the last days again. */
  rescan_days?: number | null;
  /**
   * Share of an update pass's requests that is spent on stored threads that show no changes, 0 to 1; 0.05 by default.
   */
  patrol?: number;
  /** Maximum number of threads and profiles that are read at a time, and of concurrent requests to a host. */
  concurrency?: number;
  /** Minimum time between the starts of two requests to a host. */
  delay_ms?: number;
  patience?: Partial<Patience>;
  /** Keeps a document that could not be read. */
  keepBroken?: (name: string, bytes: Uint8Array) => Promise<void>;
  /** Why an unreachable PostgreSQL will not return; null while it may. */
  trouble?: () => Error | null;
  progress: Progress;
  /** When aborted, the current pages are finished, and the crawl stops. */
  signal?: AbortSignal;
}

export interface CrawlSummary extends Traffic, Effects {
  time_s: number;
  skipped_posts: number;
  profiles: ProfileCounts;
  /** Threads, boards and profiles that could not be read. */
  failures: Failure[];
  interrupted: boolean;
}

/**
 * Crawls the forum into the tables. It can be killed at any time: the next run resumes.
 * @throws AlreadyRunning, ForumUnreachableError, ForumRefusesError, and what PostgreSQL throws
 */
export async function crawl(options: CrawlOptions): Promise<CrawlSummary> {
  const lock = await takeLock(options.sql);
  try {
    return await crawlLocked(options, lock);
  } finally {
    await lock.release();
  }
}

async function crawlLocked(options: CrawlOptions, lock: Lock): Promise<CrawlSummary> {
  const begun_ms = performance.now();
  const run = startRun(options, lock);
  const { forum, commitQueue, failures, signal } = run;
  const hasFinishedBefore = await recordStart(run);
  // The run that finishes an interrupted first crawl need not check what that crawl has just read.
  const share = hasFinishedBefore ? (options.patrol ?? defaultPatrol) : 0;
  const profiles: ProfileCounts = { profiles: 0, not_found: [], shadowed: [] };
  try {
    await runStages(run, { ...options, patrol: share }, profiles);
    const [failure] = failures;
    if (failure && forum.traffic.num_api_requests > 0 && !forum.hasAnswered)
      throw new ForumRefusesError(`nothing of the forum could be read: ${failure.reason}`, "list of boards");
  } catch (error) {
    if (!isInterruption(run, error)) {
      // Saves the request counts if the database is still reachable.
      if (!isOutage(error)) await commitQueue.finish().catch(() => {});
      throw error;
    }
  }
  await commitQueue.finish();
  if (!signal.aborted)
    await run.query((sql) => sql`update worldeater_state set last_crawl_finished_at = now() at time zone 'UTC'`);
  return {
    ...forum.traffic,
    ...commitQueue.effects,
    time_s: (performance.now() - begun_ms) / 1000,
    skipped_posts: run.skipped_posts,
    profiles,
    failures,
    interrupted: signal.aborted,
  };
}

/** Opens the forum and the commit queue; nothing is requested or written yet. */
function startRun(options: CrawlOptions, lock: Lock): Run {
  const { sql, progress, trouble } = options;
  const signal = options.signal ?? new AbortController().signal;
  const concurrency = options.concurrency ?? 2;
  const note = (message: string) => progress.note(message);
  /** Holds the lock for every query: it is lost with its connection, and nothing may be written without it. */
  const throughOutages = <T>(work: () => PromiseLike<T>): Promise<T> =>
    outlast(
      async () => {
        await lock.ensure();
        return await work();
      },
      { base_ms: 100, limit_ms: 600_000, signal, note, ...(trouble ? { trouble } : {}) },
    );
  const query: Run["query"] = (select) => throughOutages(() => select(sql));
  const forum: Forum = openForum({
    forumUrl: options.forumUrl,
    profilesUrl: options.profilesUrl,
    delay_ms: options.delay_ms ?? 100,
    concurrency,
    ...(options.patience ? { patience: options.patience } : {}),
    signal,
    note,
    knownThreads: (tid, { isLong }) => query((db) => otherThreads(db, tid, isLong)),
  });
  const failures: Failure[] = [];
  const commitQueue = new CommitQueue({
    sql,
    traffic: forum.traffic,
    // Half of the readers wait for a commit while the other half reads.
    maxPages: Math.ceil(concurrency / 2),
    throughOutages,
    onRefused: (change, error) => {
      const what = describe(change);
      failures.push({ what, reason: error.message });
      note(`${what}: the database refused it: ${error.message}`);
    },
    note,
  });
  return {
    forum,
    commitQueue,
    query,
    progress,
    signal,
    bulkhead: bulkhead(concurrency, Number.POSITIVE_INFINITY),
    begunThreads: new Set(),
    failures,
    checkedGlobals: new Set(),
    checkedThreads: new Map(),
    isUpdate: false,
    walkedParts: new Map(),
    unreadableThreads: new Set(),
    skipped_posts: 0,
    keepBroken: async (name, bytes) => {
      const document = `${name} ${new TextDecoder("latin1").decode(bytes)}`;
      if (!(await query((db) => mentionsForgotten(db, document)))) await options.keepBroken?.(name, bytes);
    },
  };
}

/** @returns whether a crawl has finished before */
async function recordStart(run: Run): Promise<boolean> {
  const [before] = await run.query((sql) =>
    drizzleOn(sql).select({ finished_at: worldeaterState.last_crawl_finished_at }).from(worldeaterState),
  );
  await run.query(
    (sql) => sql`
      insert into worldeater_state (singleton, nomnom_time, num_api_requests, rx_bytes, tx_bytes, last_crawl_started_at)
      values (0, 0, 0, 0, 0, now() at time zone 'UTC')
      on conflict (singleton) do update set last_crawl_started_at = excluded.last_crawl_started_at`,
  );
  return Boolean(before?.finished_at);
}

async function runStages(run: Run, options: CrawlOptions & { patrol: number }, profiles: ProfileCounts): Promise<void> {
  if (options.reparseProfiles) return reparseProfiles(run, profiles);
  const workList = new WorkListReader(run);
  await workList.read();
  if (options.onlyPending || run.signal.aborted) return;
  const bids = await readBoards(run, options.boards === "all");
  if (options.rescan_days) await rescan(run, workList, options.rescan_days);
  await walkBoards(run, workList, options.boards === "all" ? bids : (options.boards ?? []), options);
  if (run.isUpdate && options.patrol > 0 && !run.signal.aborted) {
    await patrol(run, options.patrol);
    await workList.read();
  }
  if (options.profiles && !run.signal.aborted)
    await fetchProfiles(run, options.profilesOlderThan_days ?? null, profiles);
}

/** Walks boards one by one while the threads of the boards already walked are being read. */
async function walkBoards(run: Run, workList: WorkListReader, bids: number[], options: CrawlOptions): Promise<void> {
  const readings: Promise<void>[] = [];
  let hasFailed = false;
  const read = async (bid: number, isFirstWalk: boolean) => {
    await workList.read(bid);
    if (isFirstWalk) await run.commitQueue.write({ kind: "walked", bid, except: [] });
  };
  for (const bid of bids) {
    if (run.signal.aborted || hasFailed) break;
    const isFirstWalk = await walkBoard(run, bid, options.forceInitialPass ?? false);
    const reading = read(bid, isFirstWalk);
    reading.catch(() => (hasFailed = true));
    readings.push(reading);
  }
  for (const result of await Promise.allSettled(readings)) if (result.status === "rejected") throw result.reason;
  // Boards also list global threads that belong to other boards.
  if (!run.signal.aborted) await workList.read();
}

/** Three threads that most likely still exist: one may be broken. @param isLong whether they have more than one page */
function otherThreads(sql: Sql, tid: number, isLong: boolean): PromiseLike<KnownThread[]> {
  return sql<KnownThread[]>`
    select tid, last_pid from threads as t
    where tid <> ${tid} and gone_at is null and last_pid is not null and tid not in (select tid from worldeater_tnu)
      and (not ${isLong}::bool or exists (select from posts as p where p.tid = t.tid and p.gone_at is null offset ${perPage}))
    order by last_pid desc limit 3`;
}

/** Queues every thread with a post in the last days, because listings show neither edits nor hidden posts. */
async function rescan(run: Run, workList: WorkListReader, days: number): Promise<void> {
  const recent = await run.query(
    (sql) => sql<(Row<typeof threads, "tid"> & { est_number_of_posts: number | null })[]>`
      select tid, least(est_number_of_replies::bigint + 1, ${maxId}::int)::int as est_number_of_posts from threads
      where gone_at is null and tid in (
        select tid from posts where timestamp >= now() at time zone 'UTC' - make_interval(secs => ${days}::float8 * 86400))
      order by tid`,
  );
  for (let at = 0; at < recent.length; at += 1000) {
    await run.commitQueue.write(
      ...recent
        .slice(at, at + 1000)
        .map(({ tid, est_number_of_posts }) => ({ kind: "queue" as const, tid, start_page: 1, est_number_of_posts })),
    );
  }
  await workList.read();
}
