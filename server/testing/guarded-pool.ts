import { connect } from "@potstats/db/connect";
import { connectionsFor, defaultConcurrency, guardSql, type GuardOptions } from "../queries/guarded-sql.ts";

export interface GuardedPoolOptions extends Omit<GuardOptions, "open"> {
  /** Milliseconds; no limit by default. */
  statement_timeout_ms?: number;
}

/** Opens a guarded pool for a test. @param name the connections' `application_name` in PostgreSQL */
export function openGuardedPool(url: string, name: string, options: GuardedPoolOptions = {}) {
  const { statement_timeout_ms = 0, concurrency = defaultConcurrency, responseTimeout_ms = 600_000 } = options;
  const max = connectionsFor(concurrency);
  return guardSql({
    open: () => connect(url, { max, max_pipeline: 0, name, statement_timeout_ms }),
    concurrency,
    responseTimeout_ms,
  });
}
