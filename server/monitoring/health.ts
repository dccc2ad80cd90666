/** Readiness, for load balancers. */
import { isTaskCancelledError, timeout, TimeoutStrategy } from "cockatiel";
import type { Sql } from "@potstats/db/connect";
import type { Search } from "@potstats/search/contract";
import type { Cache } from "../cache/cache.ts";
import { failureOf, isConnectionError, retryAfter_s } from "../http/errors.ts";
import { type PlainResponse, uncachedJson } from "../http/response.ts";

/** Limits how long the database may take: load balancers do not wait long either. */
const databaseTimeout = timeout(2000, TimeoutStrategy.Aggressive);

export interface ReadinessOptions {
  search: Search;
  cache: Cache;
  sql: Sql;
  /** Whether the tables match this version. */
  isMigrated?: (() => Promise<boolean>) | undefined;
  /** Whether concurrent requests share one check. */
  sharesWork?: boolean | undefined;
}

/** The response of /readyz. */
export function createReadiness(options: ReadinessOptions): () => Promise<PlainResponse> {
  let checking: Promise<PlainResponse> | undefined;
  if (options.sharesWork === false) return () => readiness(options);
  return () => (checking ??= readiness(options).finally(() => (checking = undefined)));
}

/** Ready if the database is reachable and migrated. Search and cache are reported, but not required. */
async function readiness({
  sql,
  search,
  cache,
  isMigrated = async () => true,
}: ReadinessOptions): Promise<PlainResponse> {
  const check = async () => {
    await sql`select (select count(*) from (select 1 from public.posts limit 1) posts), (select count(*) from baked.analysis)`;
    return (await isMigrated())
      ? "ok"
      : "the tables belong to another version: the operator has to run `bun run db migrate` and `bun run update`";
  };
  const database = await databaseTimeout
    // A replica that is lost is replaced by the primary with the first failed query.
    .execute(() =>
      check().catch((error: unknown) => (isConnectionError(error) ? check() : Promise.reject(error as Error))),
    )
    .catch((error: unknown) =>
      isTaskCancelledError(error) ? "the database does not respond" : failureOf(error).message,
    );
  const health = await search.health().catch(() => ({ engine: "postgres", reachable: false }));
  const isReady = database === "ok";
  return uncachedJson(
    isReady ? 200 : 503,
    { ready: isReady, database, search: health, cache: { backend: cache.backend, failures: cache.failures() } },
    isReady ? {} : { "Retry-After": String(retryAfter_s) },
  );
}
