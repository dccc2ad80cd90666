/** The state that all parts of a crawl share: forum, database, commit queue, failures. */
import type { Progress } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import type { BulkheadPolicy } from "cockatiel";
import type { Forum } from "../forum/client.ts";
import { UnreadableError } from "../forum/errors.ts";
import type { CommitQueue } from "../store/commit-queue.ts";

export interface Failure {
  what: string;
  reason: string;
}

export interface CheckedThread {
  /** Whether the page that was read held all posts. */
  isWhole: boolean;
  /** Number of posts in the forum; null if unknown. */
  total: number | null;
}

export interface Run {
  forum: Forum;
  commitQueue: CommitQueue;
  /** Runs a query, and repeats it after a restart of PostgreSQL. */
  query: <T>(select: (sql: Sql) => PromiseLike<T>) => Promise<T>;
  progress: Progress;
  signal: AbortSignal;
  /** Bounds the number of threads and profiles that are read at a time, each with one page in memory. */
  bulkhead: BulkheadPolicy;
  /** Threads from the work list that this run has begun to read. */
  begunThreads: Set<number>;
  failures: Failure[];
  /** Listings of global threads that this run has checked: every board lists them. */
  checkedGlobals: Set<string>;
  /** Threads that this run has checked for new posts. */
  checkedThreads: Map<number, CheckedThread>;
  /** Whether this run walked a board that an earlier run had walked to its end. */
  isUpdate: boolean;
  /** Boards whose listing this run walked only in part: the last page of that part, and the surplus (surplus.ts). */
  walkedParts: Map<number, { page: number; surplus: number | null }>;
  /** Threads that this run could not read; the next run tries again. */
  unreadableThreads: Set<number>;
  /** Number of posts without a valid id: 0, none, or beyond 2³¹. */
  skipped_posts: number;
  /** Keeps the bytes of an unreadable document for inspection. */
  keepBroken: (name: string, bytes: Uint8Array) => Promise<void>;
}

/** Whether an error only reports that the operator stopped the crawl. */
export const isInterruption = (run: Run, error: unknown): boolean => run.signal.aborted && error === run.signal.reason;

/**
 * Records a thread, board or profile that could not be read, and keeps its bytes, so that the crawl can continue.
 * @throws the error itself unless it is an UnreadableError
 */
export async function recordFailure(run: Run, what: string, error: unknown): Promise<void> {
  if (!(error instanceof UnreadableError)) throw error;
  run.failures.push({ what, reason: error.message });
  run.progress.note(`${what} could not be read: ${error.message}`);
  if (error.bytes) await run.keepBroken(what.replaceAll(" ", "-"), error.bytes);
}

/**
 * Calls `work` for each item, with the concurrency of the run's bulkhead; an item is taken only when it can start.
 * After an abort, or the first error, no further item is taken.
 * @param onAllBegun called when no further item will be taken
 * @throws the first error, once all work has ended
 */
export async function forEach<T>(
  run: Run,
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<void>,
  onAllBegun: () => void = () => {},
): Promise<void> {
  const pending = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const isOver = () => errors.length > 0 || run.signal.aborted;
  try {
    for await (const item of items) {
      const room = Promise.withResolvers<void>();
      const done: Promise<void> = run.bulkhead
        .execute(async () => {
          room.resolve();
          if (!isOver()) await work(item);
        })
        .catch((error: unknown) => void errors.push(error))
        .finally(() => pending.delete(done));
      pending.add(done);
      await room.promise;
      if (isOver()) break;
    }
  } finally {
    onAllBegun();
    await Promise.all(pending);
  }
  if (errors.length > 0) throw errors[0];
}
