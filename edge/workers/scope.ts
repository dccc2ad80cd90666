/**
 * What belongs to one request. On Workers, connections and timers end with the request that opened them, and no other
 * request may use them. So each request has its own pool and its own search; the app finds them here.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Sql } from "@potstats/db/connect";
import type { Search } from "@potstats/search/contract";
import { createSearch } from "@potstats/search/search";
import type { Concurrency, GuardedSql } from "@potstats/server/queries/guarded-sql";
import { openGuarded, openPool } from "@potstats/server/queries/open-pool";
import type { WorkerSettings } from "./settings.ts";

/** A request may have six connections open, requests to Meilisearch, Upstash and the files included. */
const concurrency: Concurrency = { requests: 2, searches: 2, shared: 1 };

/** Keeps the request's connections and timers alive until the promise settles, after the response and without a client. */
export type WaitUntil = (promise: Promise<unknown>) => void;

interface Scope {
  waitUntil: WaitUntil;
  /** Opened by the first query. */
  database(): GuardedSql;
  search(): Search;
}

const scopes = new AsyncLocalStorage<Scope>();

function current(): Scope {
  const scope = scopes.getStore();
  if (!scope) throw new Error("there is no request");
  return scope;
}

/** Runs the work for one request, and closes its connections. */
export async function inScope<T>(settings: WorkerSettings, waitUntil: WaitUntil, work: () => Promise<T>): Promise<T> {
  const { DATABASE_URL, DATABASE_REPLICA_URL, MEILI_URL, STATS_TIMEZONE: timezone } = settings;
  let guarded: GuardedSql | undefined;
  let search: Search | undefined;
  const openPrimary = () => openPool(DATABASE_URL, concurrency);
  // To compare them would take two more connections and queries of each request.
  const options = { concurrency, trustsReplica: true };
  const database = () => (guarded ??= openGuarded(openPrimary, DATABASE_REPLICA_URL, options));
  const meili = MEILI_URL === undefined ? undefined : { url: MEILI_URL, key: settings.MEILI_MASTER_KEY };
  const scope: Scope = {
    waitUntil,
    database,
    search: () => (search ??= createSearch({ sql: database().searches, shared: database().shared, meili, timezone })),
  };
  const done = scopes.run(scope, work);
  waitUntil(done.catch(() => {}).then(() => guarded?.close()));
  return done;
}

/** Keeps the current request alive until the promise settles. */
export function keepAlive<T>(promise: Promise<T>): Promise<T> {
  current().waitUntil(promise.catch(() => {}));
  return promise;
}

/** The current request's pool, to be used like a pool of its own. */
const currentSql = (name: "sql" | "shared"): Sql =>
  new Proxy((() => {}) as unknown as Sql, {
    get: (_, key) => Reflect.get(current().database()[name], key),
    apply: (_, self, args) => Reflect.apply(current().database()[name], self, args),
  });

export const currentDatabase: Pick<GuardedSql, "sql" | "shared" | "during"> = {
  sql: currentSql("sql"),
  shared: currentSql("shared"),
  during: (...args) =>
    current()
      .database()
      .during(...args),
};

export const currentSearch: Search = {
  search: (...args) =>
    current()
      .search()
      .search(...args),
  suggest: (...args) =>
    current()
      .search()
      .suggest(...args),
  passages: (...args) =>
    current()
      .search()
      .passages(...args),
  complete: (...args) =>
    current()
      .search()
      .complete(...args),
  trends: (...args) =>
    current()
      .search()
      .trends(...args),
  health: () => current().search().health(),
};
