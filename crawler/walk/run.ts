/** What all parts of a crawl share: the forum, the tables, the writer, and what went wrong. */
import type { Progress } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import { Unreadable } from "../forum/errors.ts";
import type { Forum } from "../forum/client.ts";
import type { Places } from "../forum/places.ts";
import type { Writer } from "../store/writer.ts";

export interface Failure {
  what: string;
  reason: string;
}

export interface Run {
  forum: Forum;
  writer: Writer;
  /** Asks the tables; survives a restart of PostgreSQL. */
  query: <T>(ask: (sql: Sql) => Promise<T>) => Promise<T>;
  progress: Progress;
  signal: AbortSignal;
  /** For the threads and profiles that are being read: as many pages are in hand at most. */
  places: Places;
  /** Threads that this run has begun to read from the work list. */
  begun: Set<number>;
  failures: Failure[];
  /** Global threads checked in this run: every board lists them. */
  globals: Set<string>;
  /** Threads that were asked for news in this run, and whether the answer held all of their posts. */
  asked: Map<number, { isWhole: boolean }>;
  /** Whether a board was walked that had been walked to its end before. */
  isUpdate: boolean;
  /** Threads of the work list that could not be read in this run: the next run tries again. */
  unreadable: Set<number>;
  /** Posts with id 0, none, or one beyond 2³¹. */
  skipped_posts: number;
  /** Keeps bytes that could not be read, for inspection. */
  keepBroken: (name: string, bytes: Uint8Array) => Promise<void>;
}

/** Whether an error is the operator's wish to stop. */
export const interrupted = (run: Run, error: unknown): boolean => run.signal.aborted && error === run.signal.reason;

/** Notes one thread, board or profile that could not be read, keeps its bytes, and lets the crawl go on. @throws what is no such failure */
export async function fail(run: Run, what: string, error: unknown): Promise<void> {
  if (!(error instanceof Unreadable)) throw error;
  run.failures.push({ what, reason: error.message });
  run.progress.note(`${what} could not be read: ${error.message}`);
  if (error.bytes) await run.keepBroken(what.replaceAll(" ", "-"), error.bytes);
}

/**
 * Does `work` for each item, in as many of the run's places as are free. Stops taking items when the signal says so; the
 * first error ends all.
 * @param allBegun told when no further item will be begun
 */
export async function each<T>(
  run: Run,
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<void>,
  allBegun: () => void = () => {},
): Promise<void> {
  const working = new Set<Promise<void>>();
  let failed: { error: unknown } | null = null;
  try {
    for await (const item of items) {
      await run.places.take();
      if (failed || run.signal.aborted) {
        run.places.leave();
        break;
      }
      const done: Promise<void> = work(item)
        .catch((error) => void (failed ??= { error }))
        .finally(() => {
          run.places.leave();
          working.delete(done);
        });
      working.add(done);
    }
  } finally {
    allBegun();
    await Promise.all(working);
  }
  if (failed) throw (failed as { error: unknown }).error;
}
