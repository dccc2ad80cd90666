/**
 * Queries that end: each is cancelled in the database after its time, or when the request it belongs to is over, and while
 * the database is down nobody waits for it: one query at a time tries, the others fail at once.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Sql } from "@potstats/db/connect";
import { isLost, Unavailable } from "./errors.ts";

export interface GuardedSql {
  sql: Sql;
  /** The same for what several requests wait for: it outlives the one that asked first. */
  shared: Sql;
  /** Does work whose queries, those of `sql`, are cancelled when the signal says so. */
  during<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Queries that were sent or wait for a connection. */
  running(): number;
}

/**
 * Milliseconds that a query has left when its request is over. Most end by themselves: cancelling costs a connection, and
 * may hit the connection's next query.
 */
const grace_ms = 100;
/** Queries that may wait for their turn; who comes later is sent away rather than kept waiting. */
const mostRunning = 1000;
/** Milliseconds between two tries while the database is down. */
const rest_ms = 500;

/** What of postgres.js's queries matters here: they run when somebody waits for them. */
interface Query extends PromiseLike<unknown> {
  cancel(): unknown;
}

/** @param timeout_ms after which a query is cancelled */
export function guardSql(pool: Sql, timeout_ms: number): GuardedSql {
  let running = 0;
  let isDown = false;
  let isTrying = false;
  let nextTry_ms = 0;
  const requests = new AsyncLocalStorage<AbortSignal>();

  async function run(query: Query, then: Query["then"], signal: AbortSignal | undefined): Promise<unknown> {
    if (running >= mostRunning) throw new Unavailable("too much is asked at once");
    const isTry = isDown;
    if (isDown) {
      if (isTrying || performance.now() < nextTry_ms) {
        throw new Unavailable("the database cannot be reached at the moment");
      }
      isTrying = true;
    }
    running++;
    const cancel = () => void Promise.resolve(query.cancel()).catch(() => {});
    let timer = setTimeout(cancel, timeout_ms);
    const over = () => {
      clearTimeout(timer);
      timer = setTimeout(cancel, grace_ms);
    };
    if (signal?.aborted) over();
    else signal?.addEventListener("abort", over, { once: true });
    try {
      const rows = await new Promise((resolve, reject) => void then(resolve, reject));
      isDown = false;
      return rows;
    } catch (error) {
      // A try that ended otherwise than with rows or PostgreSQL's own complaint has shown nothing.
      isDown = isLost(error) || (isTry && (error as { name?: string }).name !== "PostgresError");
      nextTry_ms = performance.now() + rest_ms;
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", over);
      running--;
      if (isTry) isTrying = false;
    }
  }

  const guarded = (query: Query, signal: AbortSignal | undefined) => {
    const then = query.then.bind(query) as Query["then"];
    let outcome: Promise<unknown> | undefined;
    // A fragment inside another query is never waited for, and so never begins.
    const wait: Query["then"] = (onRows, onError) =>
      (outcome ??= run(query, then, signal)).then(onRows as never, onError);
    Reflect.set(query, "then", wait);
    return query;
  };
  const isQuery = (made: unknown): made is Query => typeof (made as Partial<Query> | null)?.cancel === "function";

  const guard = (signal: () => AbortSignal | undefined) =>
    new Proxy(pool, {
      apply: (target, self, given) => {
        const made: unknown = Reflect.apply(target, self, given);
        return isQuery(made) ? guarded(made, signal()) : made;
      },
    });
  return {
    sql: guard(() => requests.getStore()),
    shared: guard(() => undefined),
    during: (signal, work) => requests.run(signal, work),
    running: () => running,
  };
}
