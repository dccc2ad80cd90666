/** The walk: work list, boards, listings, threads, profiles. The database is the only checkpoint. */
import type { Progress } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import { describe, type Effects } from "./store/changes.ts";
import { ForumRefuses } from "./forum/errors.ts";
import { openForum, type Patience, type Traffic } from "./forum/client.ts";
import { walkBoard } from "./walk/listing.ts";
import { type Lock, takeLock } from "./store/lock.ts";
import { isOutage, outlast } from "./store/outage.ts";
import { fetchProfiles, type ProfileCounts, reparseProfiles } from "./walk/profiles.ts";
import { patrol } from "./walk/patrol.ts";
import { Places } from "./forum/places.ts";
import { fail, type Failure, interrupted, type Run } from "./walk/run.ts";
import { WorkList } from "./walk/work-list.ts";
import { mentionsForgotten } from "./store/forgotten.ts";
import { Writer } from "./store/writer.ts";
import { maxId } from "./read/xml.ts";

/** Share of an update pass's requests that goes to the patrol. */
export const defaultPatrol = 0.05;

export interface CrawlOptions {
  sql: Sql;
  /** What stands before `/bb/…`. */
  forumUrl: string;
  /** What stands before `/<uid>`. */
  profilesUrl: string;
  /** Boards to walk besides the work list; none by default. */
  boards?: number[] | "all";
  /** Only the work list. */
  onlyPending?: boolean;
  /** Walk every listed thread of the boards again. */
  forceInitialPass?: boolean;
  /** Also fetch the user profiles. */
  profiles?: boolean;
  /** Refresh profiles fetched longer ago than this. */
  profilesOlderThan_days?: number | null;
  /** Parse the stored profile pages again; nothing else is done. */
  reparseProfiles?: boolean;
  /** Re-read threads with posts in the last days. */
  rescan_days?: number | null;
  /** Share of an update pass's requests that is spent on known threads without news, 0 to 1; 0.05 by default. */
  patrol?: number;
  /** Requests under way at most. */
  concurrency?: number;
  /** Between the starts of two requests to a host. */
  delay_ms?: number;
  patience?: Partial<Patience>;
  /** Keeps a document that could not be read. */
  keepBroken?: (name: string, bytes: Uint8Array) => Promise<void>;
  /** Why PostgreSQL, when it is away, will not come back; null while it may. */
  trouble?: () => Error | null;
  progress: Progress;
  /** Asks to finish the page in hand and stop. */
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
 * Crawls the forum into the tables; can be killed at any moment and run again.
 * @throws AlreadyRunning, ForumUnreachable, ForumRefuses, and what PostgreSQL throws
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
  const { sql, progress } = options;
  const begun_ms = performance.now();
  const signal = options.signal ?? new AbortController().signal;
  const concurrency = options.concurrency ?? 2;
  const note = (message: string) => progress.note(message);
  const forum = openForum({
    forumUrl: options.forumUrl,
    profilesUrl: options.profilesUrl,
    delay_ms: options.delay_ms ?? 100,
    concurrency,
    ...(options.patience ? { patience: options.patience } : {}),
    signal,
    note,
    knownThread: (tid) => run.query((db) => anotherThread(db, tid)),
  });
  const endurance = { base_ms: 100, limit_ms: 600_000 };
  /** Nothing is written without the lock, which goes with its connection. */
  const patiently = <T>(work: () => Promise<T>): Promise<T> =>
    outlast(
      async () => {
        await lock.ensure();
        return work();
      },
      { endurance, signal, note, ...(options.trouble ? { trouble: options.trouble } : {}) },
    );
  const failures: Failure[] = [];
  const writer = new Writer({
    sql,
    traffic: forum.traffic,
    // So that while PostgreSQL writes one half of the pages in hand, the other half is read.
    mostPages: Math.ceil(concurrency / 2),
    patiently,
    refused: (change, error) => {
      const what = describe(change);
      failures.push({ what, reason: error.message });
      note(`${what}: the database refused it: ${error.message}`);
    },
    note,
  });
  const run: Run = {
    forum,
    writer,
    query: (ask) => patiently(() => ask(sql)),
    progress,
    signal,
    places: new Places(concurrency),
    begun: new Set(),
    failures,
    globals: new Set(),
    asked: new Map(),
    isUpdate: false,
    unreadable: new Set(),
    skipped_posts: 0,
    keepBroken: async (name, bytes) => {
      const document = `${name} ${new TextDecoder("latin1").decode(bytes)}`;
      if (!(await patiently(() => mentionsForgotten(sql, document)))) await options.keepBroken?.(name, bytes);
    },
  };
  const [last] = await run.query(
    (db) => db<{ finished_at: Date | null }[]>`
      select last_crawl_finished_at as finished_at from worldeater_state`,
  );
  // What a first crawl that was interrupted has read need not be looked at again by those that end it.
  const share = last?.finished_at ? (options.patrol ?? defaultPatrol) : 0;
  const profiles: ProfileCounts = { profiles: 0, not_found: [], shadowed: [] };
  await patiently(
    () => sql`
    insert into worldeater_state (singleton, nomnom_time, num_api_requests, rx_bytes, tx_bytes, last_crawl_started_at)
    values (0, 0, 0, 0, 0, now() at time zone 'UTC')
    on conflict (singleton) do update set last_crawl_started_at = excluded.last_crawl_started_at`,
  );
  try {
    await passes(run, { ...options, patrol: share }, profiles);
    const [failure] = failures;
    if (failure && forum.traffic.num_api_requests > 0 && !forum.hasAnswered)
      throw new ForumRefuses(`nothing of the forum could be read: ${failure.reason}`, "list of boards");
  } catch (error) {
    if (!interrupted(run, error)) {
      // The requests are counted where there is still a database to do it in.
      if (!isOutage(error)) await writer.finish().catch(() => {});
      throw error;
    }
  }
  await writer.finish();
  if (!signal.aborted)
    await run.query((db) => db`update worldeater_state set last_crawl_finished_at = now() at time zone 'UTC'`);
  return {
    ...forum.traffic,
    ...writer.effects,
    time_s: (performance.now() - begun_ms) / 1000,
    skipped_posts: run.skipped_posts,
    profiles,
    failures,
    interrupted: signal.aborted,
  };
}

async function passes(run: Run, options: CrawlOptions & { patrol: number }, profiles: ProfileCounts): Promise<void> {
  if (options.reparseProfiles) return reparseProfiles(run, profiles);
  const workList = new WorkList(run);
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

/** Walks boards one after the other; the threads of those that were walked are read meanwhile. */
async function walkBoards(run: Run, workList: WorkList, bids: number[], options: CrawlOptions): Promise<void> {
  const reading: Promise<void>[] = [];
  let broken = false;
  const read = async (bid: number, walked: boolean) => {
    await workList.read(bid);
    if (walked) await run.writer.write({ kind: "walked", bid });
  };
  for (const bid of bids) {
    if (run.signal.aborted || broken) break;
    const walked = await walkBoard(run, bid, options.forceInitialPass ?? false);
    const done = read(bid, walked);
    done.catch(() => (broken = true));
    reading.push(done);
  }
  for (const result of await Promise.allSettled(reading)) if (result.status === "rejected") throw result.reason;
  // Boards list global threads of others, too.
  if (!run.signal.aborted) await workList.read();
}

/**
 * Categories and boards.
 * @returns the boards in the forum's order; where they cannot be read, those that are known
 * @throws Unreadable when they are needed, and none is known
 */
async function readBoards(run: Run, areNeeded: boolean): Promise<number[]> {
  try {
    const document = await run.forum.boards();
    for (const problem of document.problems) run.progress.note(problem);
    await run.writer.write({ kind: "boards", document });
    return document.boards.map((board) => board.bid);
  } catch (error) {
    if (interrupted(run, error)) throw error;
    const known = await run.query(
      (sql) => sql<{ bid: number }[]>`select bid from boards where name is not null order by bid`,
    );
    if (areNeeded && known.length === 0) throw error;
    await fail(run, "list of boards", error);
    return known.map(({ bid }) => bid);
  }
}

/** A thread that is most likely still there. */
async function anotherThread(sql: Sql, tid: number): Promise<number | null> {
  const [thread] = await sql<{ tid: number }[]>`
    select tid from threads
    where tid <> ${tid} and gone_at is null and last_pid is not null and tid not in (select tid from worldeater_tnu)
    order by last_pid desc limit 1`;
  return thread?.tid ?? null;
}

/** Queues every thread with a post in the last days: edits and hidings do not show in the listing. */
async function rescan(run: Run, workList: WorkList, days: number): Promise<void> {
  const threads = await run.query(
    (sql) => sql<{ tid: number; est_number_of_posts: number | null }[]>`
    select tid, least(est_number_of_replies::bigint + 1, ${maxId}::int)::int as est_number_of_posts from threads
    where gone_at is null and tid in (
      select tid from posts where timestamp >= now() at time zone 'UTC' - make_interval(secs => ${days}::float8 * 86400))
    order by tid`,
  );
  for (let at = 0; at < threads.length; at += 1000) {
    await run.writer.write(
      ...threads
        .slice(at, at + 1000)
        .map(({ tid, est_number_of_posts }) => ({ kind: "queue" as const, tid, start_page: 1, est_number_of_posts })),
    );
  }
  await workList.read();
}
