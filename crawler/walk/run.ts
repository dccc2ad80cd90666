/** What all parts of a crawl share: the forum, the tables, the writer, and what went wrong. */
import type { Progress } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import type { BulkheadPolicy } from "cockatiel";
import type { Forum } from "../forum/client.ts";
import { Unreadable } from "../forum/errors.ts";
import type { Writer } from "../store/commit-queue.ts";

export interface Failure {
  what: string;
  reason: string;
}

export interface Run {
  forum: Forum;
  writer: Writer;
  /** Runs a query, again after a restart of PostgreSQL. */
  query: <T>(select: (sql: Sql) => PromiseLike<T>) => Promise<T>;
  progress: Progress;
  signal: AbortSignal;
  /** Bounds the threads and profiles that are being read at a time, each with one page in memory. */
  bulkhead: BulkheadPolicy;
  /** Threads from the work list that this run has begun to read. */
  begunThreads: Set<number>;
  failures: Failure[];
  /** Listings of global threads that this run has checked: every board lists them. */
  checkedGlobals: Set<string>;
  /** Threads that this run has checked for news, and whether the page it read held all of their posts. */
  checkedThreads: Map<number, { isWhole: boolean }>;
  /** Whether this run walked a board that an earlier one had walked to its end. */
  isUpdate: boolean;
  /** Threads that this run could not read; the next run tries again. */
  unreadableThreads: Set<number>;
  /** Posts with id 0, no id, or one beyond 2³¹. */
  skipped_posts: number;
  /** Keeps the bytes of an unreadable document for inspection. */
  keepBroken: (name: string, bytes: Uint8Array) => Promise<void>;
}

/** Whether an error only says that the operator wants to stop. */
export const isInterruption = (run: Run, error: unknown): boolean => run.signal.aborted && error === run.signal.reason;

/**
 * Records a thread, board or profile that could not be read, and keeps its bytes; the crawl goes on.
 * @throws the error if it is any other than Unreadable
 */
export async function recordFailure(run: Run, what: string, error: unknown): Promise<void> {
  if (!(error instanceof Unreadable)) throw error;
  run.failures.push({ what, reason: error.message });
  run.progress.note(`${what} could not be read: ${error.message}`);
  if (error.bytes) await run.keepBroken(what.replaceAll(" ", "-"), error.bytes);
}

/**
 * Calls `work` for each item, as many at a time as the run's bulkhead allows; an item is taken only when there is room for it.
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
