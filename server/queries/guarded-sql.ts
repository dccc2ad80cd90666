/**
 * Guards the server's queries. Each waits in our own queue (query-queue.ts) for a connection that no other query uses,
 * and is ended by PostgreSQL's `statement_timeout`.
 *
 * A query that was sent is never canceled. A cancel request names a connection, not a query, so it may hit the next
 * query on that connection, which belongs to another request. And a driver that pipelines must still expect the results
 * of canceled queries: postgres.js 3.4.9 did not, and gave every later result on that connection to the wrong query.
 * Instead, a query that is no longer needed leaves the queue or, if it is running, ends within two seconds and is
 * ignored.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Sql } from "@potstats/db/connect";
import { readGeneration } from "@potstats/db/generation";
import { createGuardedPool, type GuardedPool, type Query } from "./guarded-pool.ts";
import { Lane } from "./lane.ts";
import { createQueryQueue, type QueryOwner } from "./query-queue.ts";
import { onlyPool, preferReplica, type ReplicaOptions } from "./replica-failover.ts";

/** Maximum number of concurrent queries of each kind. */
export interface Concurrency {
  /** Queries for single requests, including searches. */
  requests: number;
  /** Searches. */
  searches: number;
  /** Queries for several requests, such as the data generation. */
  shared: number;
}

export const defaultConcurrency: Concurrency = { requests: 8, searches: 4, shared: 2 };

/** Connections that a pool needs, so that no query ever waits inside the driver. */
export const connectionsFor = ({ requests, shared }: Concurrency): number => requests + shared;

/** Milliseconds after which PostgreSQL ends a query of the server. */
export const statement_timeout_ms = 2000;

export interface GuardOptions {
  /** Opens a pool with `connectionsFor(concurrency)` connections, a `statement_timeout` and no pipelining. */
  open(): Sql;
  /** Opens a pool on the primary, if `open` opens one on a replica. */
  openPrimary?: (() => Sql) | undefined;
  /** Uses the replica before it was compared with the primary: for a pool that serves a single request. */
  trustsReplica?: boolean;
  concurrency?: Concurrency;
  /** Milliseconds before an unresponsive connection is given up; must be longer than `statement_timeout`. */
  responseTimeout_ms?: number;
}

export interface GuardedSql {
  /** For requests: queries that have not started leave the queue when their request ends. */
  sql: Sql;
  /** The same for searches, which never take more than their share of the connections. */
  searches: Sql;
  /** For several requests: the queries outlive the request that started them. */
  shared: Sql;
  /**
   * Runs work whose queries through `sql` and `searches` leave the queue when the signal aborts. Repeats work that failed
   * because the replica was lost or canceled a query.
   */
  during<T>(signal: AbortSignal, work: () => Promise<T>, client?: string): Running<T>;
  /** Resolves once a replica has been compared with the primary, or could not be; until then, the primary is used. */
  compared: Promise<void>;
  /** Queries that run or wait. */
  running(): number;
  /** Connections that each pool may open. */
  connections: number;
  /** Whether the primary is used in place of the replica; undefined if there is none. */
  bypassesReplica(): boolean | undefined;
  /** Closes the pool. */
  close(): Promise<void>;
}

/** Work that may leave queries behind, because another one failed or was faster. */
export interface Running<T> {
  result: Promise<T>;
  /** Resolves when the work and all of its queries have ended. */
  ended: Promise<void>;
}

/** The work for one request. */
interface Work extends QueryOwner {
  queries: Promise<unknown>[];
}

/** How often work is done at most: on the replica, on the primary, and once more if the replica just came back. */
const maxAttempts = 3;

const noWork = () => undefined;

const isQuery = (value: unknown): value is Query => typeof (value as Partial<Query> | null)?.cancel === "function";

/** Does the work again if a database was lost, once the queries that were left behind have ended. */
async function repeatOnLoss<T>(
  work: () => Promise<T>,
  queries: Promise<unknown>[],
  mayRepeat: (error: unknown) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === maxAttempts || !mayRepeat(error)) throw error;
    }
    await allEnded(queries);
  }
}

/** Waits for all queries, including those that are added meanwhile. */
async function allEnded(queries: Promise<unknown>[]): Promise<void> {
  for (let known = 0; known < queries.length;) {
    known = queries.length;
    await Promise.allSettled(queries);
  }
}

function openPools(
  { open, openPrimary, trustsReplica, responseTimeout_ms = 5000 }: GuardOptions,
  generationOf: ReplicaOptions["readGeneration"],
) {
  const first = createGuardedPool(open, responseTimeout_ms);
  if (!openPrimary) return onlyPool(first);
  const primary = createGuardedPool(openPrimary, responseTimeout_ms);
  return preferReplica({ replica: first, primary, readGeneration: generationOf, isTrusted: trustsReplica });
}

export function guardSql(options: GuardOptions): GuardedSql {
  const { concurrency = defaultConcurrency } = options;
  const queue = createQueryQueue();
  const requests = new Lane(concurrency.requests);
  const searches = new Lane(concurrency.searches);
  const shared = new Lane(concurrency.shared);
  const works = new AsyncLocalStorage<Work>();
  const pools = openPools(options, (pool) => readGeneration(guard([shared], noWork, () => pool)));

  async function run(
    query: Query,
    then: Query["then"],
    { pool, lanes, work }: { pool: GuardedPool; lanes: Lane[]; work: Work | undefined },
  ): Promise<unknown> {
    try {
      pool.refuseDuringTest();
      return await queue.run(lanes, work, () => pool.send(query, then));
    } catch (error) {
      pools.failed(pool, error);
      throw error;
    }
  }

  /** Replaces the query's `then`, because a query starts when it is awaited, and fragments inside a query never are. */
  function guardQuery(query: Query, { work, ...where }: Parameters<typeof run>[2]): Query {
    const then = query.then.bind(query) as Query["then"];
    let result: Promise<unknown> | undefined;
    const guardedThen: Query["then"] = (onRows, onError) => {
      if (!result) {
        result = run(query, then, { work, ...where });
        work?.queries.push(result);
      }
      return result.then(onRows as never, onError);
    };
    Reflect.set(query, "then", guardedThen);
    return query;
  }

  /** A proxy of the pool in use that guards every query. */
  function guard(lanes: Lane[], work: () => Work | undefined, choose: () => GuardedPool = pools.choose): Sql {
    const guardIfQuery = (value: unknown, pool: GuardedPool) =>
      isQuery(value) ? guardQuery(value, { pool, lanes, work: work() }) : value;
    return new Proxy(choose().current(), {
      get: (_, name) =>
        name === "unsafe"
          ? (...args: Parameters<Sql["unsafe"]>) => {
              const pool = choose();
              return guardIfQuery(pool.current().unsafe(...args), pool);
            }
          : Reflect.get(choose().current(), name),
      apply: (_, self, args) => {
        const pool = choose();
        return guardIfQuery(Reflect.apply(pool.current(), self, args), pool);
      },
    });
  }

  const during: GuardedSql["during"] = (signal, work, client = "") => {
    const queries: Promise<unknown>[] = [];
    const result = repeatOnLoss(
      () => works.run({ signal, client, queries }, work),
      queries,
      (error) => !signal.aborted && pools.mayRepeat(error),
    );
    return { result, ended: Promise.allSettled([result]).then(() => allEnded(queries)) };
  };

  const currentWork = () => works.getStore();
  return {
    sql: guard([requests], currentWork),
    searches: guard([searches, requests], currentWork),
    shared: guard([shared], noWork),
    during,
    compared: pools.compared,
    running: queue.size,
    connections: connectionsFor(concurrency),
    bypassesReplica: pools.bypassesReplica,
    close: pools.close,
  };
}
