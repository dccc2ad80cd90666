/** A connection pool behind a circuit breaker; a pool with an unresponsive connection is replaced. */
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from "cockatiel";
import type { Sql } from "@potstats/db/connect";
import { isConnectionError, UnavailableError } from "../http/errors.ts";

/** Milliseconds before a query tests whether a database that was down has recovered. */
const halfOpenAfter_ms = 500;

/** The part of postgres.js's queries that is used here. A query starts when its `then` is called. */
export interface Query extends PromiseLike<unknown> {
  cancel(): unknown;
  /** Identifies the connection on which the query was sent. */
  state?: object | null;
}

export interface GuardedPool {
  /** The pool in use. */
  current(): Sql;
  /**
   * Sends a query on a connection that no other query uses.
   * @param then the query's own `then`, which sends it
   * @throws BrokenCircuitError while the database is down
   * @throws the query's own error
   */
  send(query: Query, then: Query["then"]): Promise<unknown>;
  /** Whether a query tests whether the database has recovered. */
  isTested(): boolean;
  /** @throws BrokenCircuitError while another query tests whether the database has recovered */
  refuseDuringTest(): void;
  close(): Promise<void>;
}

/**
 * @param open opens a pool; called again to replace it
 * @param responseTimeout_ms milliseconds before an unresponsive connection is given up; PostgreSQL ends every query
 * earlier
 */
export function createGuardedPool(open: () => Sql, responseTimeout_ms: number): GuardedPool {
  let pool = open();
  const sent = new Set<Query>();
  const breaker = circuitBreaker(handleWhen(isDown), {
    halfOpenAfter: halfOpenAfter_ms,
    breaker: new ConsecutiveBreaker(1),
  });

  /** The database has recovered only if the test query returns rows or fails with PostgreSQL's own error. */
  function isDown(error: unknown): boolean {
    const isPostgresError = error instanceof Error && error.name === "PostgresError";
    return isConnectionError(error) || (breaker.state === CircuitState.HalfOpen && !isPostgresError);
  }

  /** Replaces a pool whose connections are unresponsive or out of sync; its queries fail. */
  function replace(failed: Sql): void {
    if (failed !== pool) return;
    pool = open();
    failed.end({ timeout: 0 }).catch(() => {});
  }

  /** Rejects a query that shared its connection: the two may have received each other's rows. */
  function checkAlone(query: Query, usedPool: Sql): void {
    for (const other of sent) {
      if (other === query || !other.state || other.state !== query.state) continue;
      replace(usedPool);
      throw new UnavailableError("two queries shared a connection");
    }
  }

  /** Without this, the breaker would make other queries wait for the result of the test. */
  function refuseDuringTest(): void {
    if (breaker.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
  }

  return {
    current: () => pool,
    isTested: () => breaker.state === CircuitState.HalfOpen,
    refuseDuringTest,
    async send(query, then) {
      refuseDuringTest();
      return breaker.execute(async () => {
        const usedPool = pool;
        const timer = setTimeout(() => replace(usedPool), responseTimeout_ms);
        sent.add(query);
        try {
          const rows = await new Promise((resolve, reject) => void then(resolve, reject));
          checkAlone(query, usedPool);
          return rows;
        } finally {
          clearTimeout(timer);
          sent.delete(query);
        }
      });
    },
    close: () => pool.end({ timeout: 1 }),
  };
}
