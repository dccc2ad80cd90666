/** A pool of connections that is replaced when it falls silent, behind a circuit breaker. */
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from "cockatiel";
import type { Sql } from "@potstats/db/connect";
import { isConnectionError, UnavailableError } from "../http/errors.ts";

/** Milliseconds until a query tests a database that was down. */
const halfOpenAfter_ms = 500;

/** The part of postgres.js's queries that matters here. They start when somebody calls `then`. */
export interface Query extends PromiseLike<unknown> {
  cancel(): unknown;
  /** Identifies the connection on which the query was sent. */
  state?: object | null;
}

export interface GuardedPool {
  /** The pool in use. */
  current(): Sql;
  /**
   * Sends a query that has a connection to itself.
   * @param then the query's own `then`, which sends it
   * @throws BrokenCircuitError while the database is down; what the query throws
   */
  send(query: Query, then: Query["then"]): Promise<unknown>;
  /** @throws BrokenCircuitError while another query tests whether the database is back */
  refuseDuringTest(): void;
  close(): Promise<void>;
}

/**
 * @param open opens a pool; called again to replace it
 * @param responseTimeout_ms until a connection without an answer is given up: PostgreSQL ends every query before that
 */
export function createGuardedPool(open: () => Sql, responseTimeout_ms: number): GuardedPool {
  let pool = open();
  const sent = new Set<Query>();
  const breaker = circuitBreaker(handleWhen(isDown), {
    halfOpenAfter: halfOpenAfter_ms,
    breaker: new ConsecutiveBreaker(1),
  });

  /** A test query shows that the database is back by rows or by PostgreSQL's own error, and by nothing else. */
  function isDown(error: unknown): boolean {
    const isPostgresError = error instanceof Error && error.name === "PostgresError";
    return isConnectionError(error) || (breaker.state === CircuitState.HalfOpen && !isPostgresError);
  }

  /** Opens a new pool in place of one whose connections are silent or out of step; the queries of the old one fail. */
  function replace(failed: Sql): void {
    if (failed !== pool) return;
    pool = open();
    failed.end({ timeout: 0 }).catch(() => {});
  }

  /** Two queries on one connection could have been given each other's rows. */
  function checkAlone(query: Query, usedPool: Sql): void {
    for (const other of sent) {
      if (other === query || !other.state || other.state !== query.state) continue;
      replace(usedPool);
      throw new UnavailableError("two queries shared a connection");
    }
  }

  /** The breaker would have the others wait for the result of the test. */
  function refuseDuringTest(): void {
    if (breaker.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
  }

  return {
    current: () => pool,
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
