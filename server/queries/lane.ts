/** Lets a limited number of queries run at a time, and gives each client its share. */
import PQueue from "p-queue";

/**
 * Self-clocked fair queueing (Golestani 1994), as if all queries took the same time. A query's tag is one more than the
 * largest tag that has started or, if that is larger, than the largest tag of its client's pending queries. The smallest
 * tag starts first. So a client's further queries wait behind other clients' first ones, but not behind all that ever come: a
 * priority by the client's number of queries let some wait until they timed out.
 */
export class Lane {
  private readonly queue: PQueue;
  /** The largest tag of a query that has started. */
  private started = 0;
  /** The tags of each client's queries that run or wait, in ascending order. */
  private readonly pending = new Map<string, number[]>();

  /** @param concurrency queries that run at a time */
  constructor(concurrency: number) {
    this.queue = new PQueue({ concurrency });
  }

  /**
   * Runs a query when it is its client's turn.
   * @throws the signal's reason if it aborts before the query has ended
   */
  async run<T>(client: string, signal: AbortSignal, query: () => Promise<T>): Promise<T> {
    const own = this.pending.get(client) ?? [];
    const tag = Math.max(this.started, own.at(-1) ?? 0) + 1;
    own.push(tag);
    this.pending.set(client, own);
    const start = () => {
      this.started = Math.max(this.started, tag);
      return query();
    };
    try {
      return await this.queue.add(start, { signal, priority: -tag });
    } finally {
      own.splice(own.indexOf(tag), 1);
      if (own.length === 0) this.pending.delete(client);
    }
  }
}
