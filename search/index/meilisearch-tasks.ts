/** Waits for Meilisearch, which answers a request at once and completes its task later. */
import { type EnqueuedTaskPromise, MeilisearchTaskTimeOutError } from "meilisearch";

/** Most tasks take milliseconds; batches of documents take minutes, on a slow disk many. */
const firstWait = { timeout: 1000, interval: 10 };
const furtherWait = { timeout: 60 * 60_000, interval: 200 };

/** Waits for a task. @throws Error if it failed */
export async function succeeded(task: EnqueuedTaskPromise): Promise<void> {
  const { status, type, error } = await task.waitTask(firstWait).catch((thrown: unknown) => {
    if (thrown instanceof MeilisearchTaskTimeOutError) return task.waitTask(furtherWait);
    throw thrown;
  });
  if (status !== "succeeded") throw new Error(`Meilisearch refused ${type}: ${error?.message ?? status}`);
}

/**
 * Unfinished tasks at a time. Meilisearch takes all that wait as one batch, and each batch rewrites the lists of all
 * common words. So the larger an index and the slower its batches, the more documents they hold.
 */
export const maxUnfinished = 32;

export interface TaskQueue {
  /**
   * Sends a request, after waiting for the oldest task if too many are unfinished. Not to be called while it runs.
   * @param done called when this task and all before it have succeeded
   * @throws Error if the request failed, or a task that it waited for or one before that
   */
  add(request: () => EnqueuedTaskPromise, done?: () => Promise<unknown>): Promise<void>;
  /** Waits for all tasks. @throws Error if one failed */
  finish(): Promise<void>;
}

/** Not a closure in `add`: that would keep the request's documents until its task is finished. */
const ignore = () => {};

/** Requests of which a few may be unfinished, and one in transit, which bounds memory. */
export function taskQueue(): TaskQueue {
  const unfinished: Promise<void>[] = [];
  const finished = async (task: EnqueuedTaskPromise, previous?: Promise<void>, done?: () => Promise<unknown>) => {
    await previous;
    await succeeded(task);
    await done?.();
  };
  return {
    async add(request, done) {
      if (unfinished.length === maxUnfinished) await unfinished.shift();
      const task = request();
      await task;
      const added = finished(task, unfinished.at(-1), done);
      // Awaited when there are too many, or at the end.
      added.catch(ignore);
      unfinished.push(added);
    },
    finish: async () => await unfinished.at(-1),
  };
}
