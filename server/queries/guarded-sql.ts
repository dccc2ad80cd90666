/**
 * The server's queries. Each has a connection to itself while it runs, waits for its turn in a queue of ours, and ends by
 * PostgreSQL's own `statement_timeout`.
 *
 * Nothing that was sent is ever cancelled. A cancel request names a connection and not a query, so it may hit the next query
 * on that connection, which is somebody else's; and a driver that has sent several queries ahead must still expect the answers of those it
 * gave up. postgres.js 3.4.9 did not, and handed every later answer of that connection to the wrong request. A query that nobody
 * waits for any more leaves the queue instead, or ends unheard within two seconds.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Sql } from "@potstats/db/connect";
import PQueue from "p-queue";
import { isLost, Unavailable } from "../http/errors.ts";

/** Connections for each kind of query. */
export interface Places {
  /** For requests. */
  requests: number;
  /** How many of these searches may take. */
  searches: number;
  /** For what several requests wait for. */
  shared: number;
}

export const places: Places = { requests: 8, searches: 4, shared: 2 };

/** Connections that a pool needs, so that no query ever waits inside the driver. */
export const connectionsFor = ({ requests, shared }: Places): number => requests + shared;

/** Milliseconds after which PostgreSQL ends a query of the server's. */
export const statement_timeout_ms = 2000;

export interface GuardOptions {
  /**
   * Opens a pool with `connectionsFor(places)` connections, a `statement_timeout` and no pipelining. Called again when the
   * former pool was given up.
   */
  open(): Sql;
  places?: Places;
  /** Milliseconds until a connection without an answer is given up: it is dead, else PostgreSQL had ended its query. */
  patience_ms?: number;
}

export interface GuardedSql {
  /** For requests: the queries of a request that has ended leave the queue. */
  sql: Sql;
  /** The same for searches, which never take more than their share of the connections. */
  searches: Sql;
  /** For what several requests wait for: it outlives the request that asked first. */
  shared: Sql;
  /**
   * Does work whose queries, those of `sql` and `searches`, leave the queue when the signal aborts. Settles when all of them have
   * ended, also those that the work does not wait for any more because another one failed.
   * @param client for whom: somebody's further queries wait behind the first ones of others
   */
  during<T>(signal: AbortSignal, work: () => Promise<T>, client?: string): Promise<T>;
  /** Queries that run or wait for their turn. */
  running(): number;
  /** Closes the pool. */
  close(): Promise<void>;
}

/** Queries that may run or wait for their turn; further ones are refused. */
const mostRunning = 1000;
/** Milliseconds between two tries while the database is down. */
const rest_ms = 500;

/** What of postgres.js's queries matters here: they run when somebody waits for them. */
interface Query extends PromiseLike<unknown> {
  cancel(): unknown;
  /** Identifies the connection that the query was sent on. */
  state?: object | null;
}

/** What is done for one request. */
interface Work {
  signal: AbortSignal;
  client: string;
  queries: Promise<unknown>[];
}

const isQuery = (made: unknown): made is Query => typeof (made as Partial<Query> | null)?.cancel === "function";

export function guardSql({ open, places: most = places, patience_ms = 5000 }: GuardOptions): GuardedSql {
  let pool = open();
  let running = 0;
  let isDown = false;
  let isTrying = false;
  let nextTry_ms = 0;
  const sent = new Set<Query>();
  /** Queries of each client that run or wait for their turn. */
  const ofClients = new Map<string, number>();
  const works = new AsyncLocalStorage<Work>();
  const [requests, searches, shared] = [most.requests, most.searches, most.shared].map(
    (concurrency) => new PQueue({ concurrency }),
  ) as [PQueue, PQueue, PQueue];

  /** Opens another pool in place of one whose connections are silent or out of step; the queries of that one fail. */
  function giveUp(given: Sql): void {
    if (given !== pool) return;
    pool = open();
    given.end({ timeout: 0 }).catch(() => {});
  }

  /** Two queries on one connection could have been given each other's answers. That none ever meet is what this file is for. */
  function checkAlone(query: Query, given: Sql): void {
    for (const other of sent) {
      if (other === query || !other.state || other.state !== query.state) continue;
      giveUp(given);
      throw new Unavailable("two queries shared a connection");
    }
  }

  /** While the database is down, nobody waits for it but the one query that tries. */
  function refuseWhileDown(): void {
    if (isDown && (isTrying || performance.now() < nextTry_ms))
      throw new Unavailable("the database cannot be reached at the moment");
  }

  async function send(query: Query, then: Query["then"]): Promise<unknown> {
    refuseWhileDown();
    const isTry = isDown;
    if (isTry) isTrying = true;
    const given = pool;
    const timer = setTimeout(() => giveUp(given), patience_ms);
    sent.add(query);
    try {
      const rows = await new Promise((resolve, reject) => void then(resolve, reject));
      checkAlone(query, given);
      isDown = false;
      return rows;
    } catch (error) {
      // A try that ended otherwise than with rows or PostgreSQL's own complaint has shown nothing.
      isDown = isLost(error) || (isTry && (error as { name?: string }).name !== "PostgresError");
      nextTry_ms = performance.now() + rest_ms;
      throw error;
    } finally {
      clearTimeout(timer);
      sent.delete(query);
      if (isTry) isTrying = false;
    }
  }

  /** Waits for a turn on each of the lanes, as long as the request lasts. */
  async function run(query: Query, then: Query["then"], lanes: PQueue[], work?: Work): Promise<unknown> {
    if (running >= mostRunning) throw new Unavailable("too much is asked at once");
    refuseWhileDown();
    // The queue would take the place of a task whose signal aborts for free, although the query still runs.
    const { signal, client = "" } = work ?? {};
    const waiting = new AbortController();
    const leave = () => waiting.abort(signal?.reason);
    if (signal?.aborted) leave();
    else signal?.addEventListener("abort", leave, { once: true });
    const stay = () => signal?.removeEventListener("abort", leave);
    const earlier = ofClients.get(client) ?? 0;
    const inTurn = lanes.reduceRight<() => Promise<unknown>>(
      (next, lane) => () => lane.add(next, { signal: waiting.signal, priority: -earlier }),
      () => {
        stay();
        return send(query, then);
      },
    );
    running++;
    ofClients.set(client, earlier + 1);
    try {
      return await inTurn();
    } finally {
      stay();
      running--;
      const left = (ofClients.get(client) ?? 1) - 1;
      if (left > 0) ofClients.set(client, left);
      else ofClients.delete(client);
    }
  }

  const guarded = (query: Query, lanes: PQueue[], work: Work | undefined) => {
    const then = query.then.bind(query) as Query["then"];
    let outcome: Promise<unknown> | undefined;
    // A fragment inside another query is never waited for, and so never begins.
    const wait: Query["then"] = (onRows, onError) => {
      if (!outcome) {
        outcome = run(query, then, lanes, work);
        work?.queries.push(outcome);
      }
      return outcome.then(onRows as never, onError);
    };
    Reflect.set(query, "then", wait);
    return query;
  };

  const guard = (lanes: PQueue[], work: () => Work | undefined) => {
    const guardedIfQuery = (made: unknown) => (isQuery(made) ? guarded(made, lanes, work()) : made);
    return new Proxy(pool, {
      // The pool of the moment, not the first one.
      get: (_, name) =>
        name === "unsafe"
          ? (...given: Parameters<Sql["unsafe"]>) => guardedIfQuery(pool.unsafe(...given))
          : Reflect.get(pool, name),
      apply: (_, self, given) => guardedIfQuery(Reflect.apply(pool, self, given)),
    });
  };
  const ofRequest = () => works.getStore();
  return {
    sql: guard([requests], ofRequest),
    searches: guard([searches, requests], ofRequest),
    shared: guard([shared], () => undefined),
    during: async (signal, work, client = "") => {
      const queries: Promise<unknown>[] = [];
      try {
        return await works.run({ signal, client, queries }, work);
      } finally {
        await Promise.allSettled(queries);
      }
    },
    running: () => running,
    close: () => pool.end({ timeout: 1 }),
  };
}
