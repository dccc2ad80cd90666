/** Opens a pool for the server's queries. */
import { parsePostgresAddress } from "@potstats/cli/postgres-address";
import { connect, type Sql } from "@potstats/db/connect";
import {
  type Concurrency,
  connectionsFor,
  defaultConcurrency,
  type GuardedSql,
  type GuardOptions,
  guardSql,
  statement_timeout_ms,
} from "./guarded-sql.ts";

/** Makes postgres.js reconnect every half second while the database is down; its default grows to 20 s. */
const withBackoff = (url: string) => `${url}${url.includes("?") ? "&" : "?"}backoff=0.5`;

/**
 * Seconds in which all hosts of a URL are tried: fewer than the guard waits for a response, because it then opens another
 * pool, which begins with the first host again.
 */
const connectTimeout_s = 4;

/** A pool for `guardSql`, which connects when it is first used. */
export const openPool = (url: string, concurrency: Concurrency = defaultConcurrency): Sql =>
  connect(withBackoff(url), {
    max: connectionsFor(concurrency),
    max_pipeline: 0,
    connect_timeout: connectTimeout_s / parsePostgresAddress(url).hosts.length,
    statement_timeout_ms,
    name: "potstats server",
  });

/** Opens guarded pools on the primary and on the replica if there is one, which is then preferred. */
export function openGuarded(
  openPrimary: () => Sql,
  replicaUrl: string | undefined,
  options: Omit<GuardOptions, "open" | "openPrimary"> = {},
): GuardedSql {
  if (replicaUrl === undefined) return guardSql({ ...options, open: openPrimary });
  return guardSql({ ...options, open: () => openPool(replicaUrl, options.concurrency), openPrimary });
}
