/** Opens a pool for the server's queries. */
import { connect, type Sql } from "@potstats/db/connect";
import { type Concurrency, connectionsFor, defaultConcurrency, statement_timeout_ms } from "./guarded-sql.ts";

/** Makes postgres.js reconnect every half second while the database is down; its default grows to 20 s. */
const withBackoff = (url: string) => `${url}${url.includes("?") ? "&" : "?"}backoff=0.5`;

/** A pool for `guardSql`, which connects when it is first used. */
export const openPool = (url: string, concurrency: Concurrency = defaultConcurrency): Sql =>
  connect(withBackoff(url), {
    max: connectionsFor(concurrency),
    max_pipeline: 0,
    statement_timeout_ms,
    name: "potstats server",
  });
