/**
 * Queries that end: each is cancelled in the database after its time, and while the database is down nobody waits for
 * it: one query at a time tries, the others fail at once.
 */
import type { Sql } from "@potstats/db/connect";
import { isLost, Unavailable } from "./errors.ts";

export interface GuardedSql {
  sql: Sql;
  /** Queries that were sent or wait for a connection. */
  running(): number;
}

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

  async function run(query: Query, then: Query["then"]): Promise<unknown> {
    const isTry = isDown;
    if (isDown) {
      if (isTrying || performance.now() < nextTry_ms) {
        throw new Unavailable("the database cannot be reached at the moment");
      }
      isTrying = true;
    }
    running++;
    const timer = setTimeout(() => void Promise.resolve(query.cancel()).catch(() => {}), timeout_ms);
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
      running--;
      if (isTry) isTrying = false;
    }
  }

  const guarded = (query: Query) => {
    const then = query.then.bind(query) as Query["then"];
    let outcome: Promise<unknown> | undefined;
    // A fragment inside another query is never waited for, and so never begins.
    const wait: Query["then"] = (onRows, onError) => (outcome ??= run(query, then)).then(onRows as never, onError);
    Reflect.set(query, "then", wait);
    return query;
  };
  const isQuery = (made: unknown): made is Query => typeof (made as Partial<Query> | null)?.cancel === "function";

  const sql = new Proxy(pool, {
    apply: (target, self, given) => {
      const made: unknown = Reflect.apply(target, self, given);
      return isQuery(made) ? guarded(made) : made;
    },
  });
  return { sql, running: () => running };
}
