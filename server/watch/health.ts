/** How the server is: for load balancers, and for Prometheus. */
import { timingSafeEqual } from "node:crypto";
import type { Sql } from "@potstats/db/connect";
import type { Search } from "@potstats/search/contract";
import type { Cache } from "../cache/cache.ts";
import { type Connection, isLocal } from "../http/client.ts";
import { failureOf, retryAfter_s } from "../http/errors.ts";
import type { Metrics } from "./metrics.ts";
import { failure, momentary, type Reply } from "../http/reply.ts";

/** Milliseconds that a check may take; load balancers are impatient too. */
const patience_ms = 2000;

export interface Checked {
  search: Search;
  cache: Cache;
  sql: Sql;
  /** Whether the tables are those of this version. */
  isMigrated?: (() => Promise<boolean>) | undefined;
}

/** {@link ready} for many who ask at the same time: one check at a time, for everybody. */
export function createReadiness(checked: Checked): () => Promise<Reply> {
  let checking: Promise<Reply> | undefined;
  return () => (checking ??= ready(checked).finally(() => (checking = undefined)));
}

/** Whether requests can be answered: the database is reachable and migrated; search and cache are told, not required. */
async function ready({ sql, search, cache, isMigrated = async () => true }: Checked): Promise<Reply> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("the database does not answer"), patience_ms);
  });
  const check = async () => {
    await sql`select (select count(*) from (select 1 from public.posts limit 1) posts), (select count(*) from baked.analysis)`;
    return (await isMigrated())
      ? "ok"
      : "the tables are of another version: the operator has to run `bun run db migrate` and `bun run update`";
  };
  const database = await Promise.race([check().catch((error: unknown) => failureOf(error).message), late]).finally(() =>
    clearTimeout(timer),
  );
  const health = await search.health().catch(() => ({ engine: "postgres", reachable: false }));
  const isReady = database === "ok";
  return momentary(
    isReady ? 200 : 503,
    { ready: isReady, database, search: health, cache: { backend: cache.backend, failures: cache.failures() } },
    isReady ? {} : { "Retry-After": String(retryAfter_s) },
  );
}

function equal(a: string, b: string): boolean {
  const [x, y] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** The metrics for whoever holds the token; without one for this machine only. */
export function metricsReply(
  request: Request,
  connection: Connection,
  metrics: Metrics,
  token: string | undefined,
): Reply {
  if (token === undefined) {
    return isLocal(request, connection)
      ? metrics.reply()
      : failure(403, "metrics are for this machine only, unless the operator sets METRICS_TOKEN");
  }
  const given = /^Bearer +(.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1] ?? "";
  return equal(given, token)
    ? metrics.reply()
    : failure(401, "metrics need the operator's token: Authorization: Bearer …", { "WWW-Authenticate": "Bearer" });
}
