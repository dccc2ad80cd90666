/** The queue in which queries wait for a connection. */
import { UnavailableError } from "../http/errors.ts";
import type { Lane } from "./lane.ts";

/** Maximum number of queries that run or wait; further ones are rejected. */
const maxQueries = 1000;

/** The client that a query runs for, and a signal that aborts when it is no longer needed. */
export interface QueryOwner {
  signal: AbortSignal;
  client: string;
}

export interface QueryQueue {
  /**
   * Runs a query when it is its client's turn in each of its lanes.
   * @param owner undefined for a query that belongs to no single request
   * @throws UnavailableError if too many queries wait
   * @throws the signal's reason if it aborts before the query has started
   */
  run<T>(lanes: readonly Lane[], owner: QueryOwner | undefined, query: () => Promise<T>): Promise<T>;
  /** Queries that run or wait. */
  size(): number;
}

export function createQueryQueue(): QueryQueue {
  let size = 0;

  return {
    size: () => size,
    async run(lanes, owner, query) {
      const { signal, client = "" } = owner ?? {};
      if (size >= maxQueries) throw new UnavailableError("too many requests are waiting for the database");
      // Not the owner's own signal: p-queue releases the slot of a task whose signal aborts, even while the query runs.
      const waiting = new AbortController();
      const abort = () => waiting.abort(signal?.reason);
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort, { once: true });
      const stopWaiting = () => signal?.removeEventListener("abort", abort);
      const inEveryLane = lanes.reduceRight<() => ReturnType<typeof query>>(
        (next, lane) => () => lane.run(client, waiting.signal, next),
        () => {
          stopWaiting();
          return query();
        },
      );
      size++;
      try {
        return await inEveryLane();
      } finally {
        stopWaiting();
        size--;
      }
    },
  };
}
