/** Creates a server from its settings, and listens. */
import { join } from "node:path";
import { readSettings, type Settings } from "@potstats/cli/settings";
import { moveTo, type Sql } from "@potstats/db/connect";
import { openDatabase } from "@potstats/db/open";
import { refuseIfThere } from "@potstats/db/checks/startup";
import { openMeilisearch } from "@potstats/search/embedded";
import type { Search } from "@potstats/search/contract";
import { createSearch } from "@potstats/search/search";
import { timeout, TimeoutStrategy } from "cockatiel";
import { createApp } from "./app.ts";
import { appOptionsOf, appSettingNames, localUrl, responseTimeout_ms } from "./app-options.ts";
import { openCache } from "./cache/open-cache.ts";
import type { RedisLike } from "./cache/redis.ts";
import type { GuardedSql } from "./queries/guarded-sql.ts";
import { openGuarded, openPool } from "./queries/open-pool.ts";
import { createPngRenderer } from "./preview/png.ts";
import { readAssets } from "./site/assets.ts";
import type { LogLine } from "./monitoring/log.ts";
import { processInfoOf } from "./monitoring/process-info.ts";
import { watchService } from "./monitoring/restart-services.ts";

export const settingNames = [
  "PORT",
  "HOST",
  "DATA_DIR",
  "DATABASE_URL",
  "DATABASE_REPLICA_URL",
  "REDIS_URL",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  "MEILI_URL",
  "MEILI_MASTER_KEY",
  "STATS_TIMEZONE",
  "IDLE_TIMEOUT",
  ...appSettingNames,
] as const;

export type ServeSettings = Pick<Settings, (typeof settingNames)[number]>;

/** These settings, and defaults for all others; the environment is not read. */
export const withDefaults = (settings: Partial<ServeSettings>): ServeSettings => ({
  ...readSettings({}, settingNames),
  ...settings,
});

export interface Served {
  /** URL of the application on this machine. */
  url: string;
  /** Finishes the requests in flight, cuts off incomplete ones, and closes everything. */
  stop(): Promise<void>;
}

type Say = (message: string) => void;

/** After the last response: time for clients to read it, and to finish sending an incomplete request. */
const connectionTimeout = timeout(1500, TimeoutStrategy.Aggressive);
/** Limits how long closing pools, caches and services may take. */
const closeTimeout = timeout(2000, TimeoutStrategy.Aggressive);

/**
 * Serves the API and the web application.
 * @throws Error if the port is taken or the database cannot be opened
 */
export async function serveApp(
  settings: ServeSettings,
  { say = () => {}, log }: { say?: Say; log?: LogLine } = {},
): Promise<Served> {
  const pools = await openPools(settings, say);
  const search = openSearch(settings, pools, say);
  const { cache, stats, ...store } = openCache(settings, connectRedis, say);
  const pictures = createPngRenderer();
  const close = () => Promise.all([pictures.close(), pools.close(), search.close(), store.close()]);
  try {
    const assets = await readAssets(join(import.meta.dirname, "../web/dist"), settings.BASE_PATH);
    const server = listen(settings, (request, connection) => app.fetch(request, connection));
    const url = localUrl(settings, server.port ?? settings.PORT);
    const app = createApp(
      appOptionsOf(settings, url, pools, {
        pool: pools,
        process: processInfoOf(process),
        search: search.search,
        cache,
        stats,
        assets,
        log,
        renderPng: pictures.render,
      }),
    );
    return {
      url,
      stop: async () => {
        await stopListening(server);
        await closeTimeout.execute(close).catch(() => {});
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens the pools for the app's queries: on the primary, and on the replica if there is one, which is then preferred. */
async function openPools(settings: ServeSettings, say: Say) {
  const { DATABASE_REPLICA_URL: replicaUrl, STATS_TIMEZONE } = settings;
  const database = await openDatabase(settings, { max: 1, name: "potstats server", say, mayBeAway: true });
  try {
    await refuseIfThere(database.url, STATS_TIMEZONE);
    if (replicaUrl) await refuseIfThere(replicaUrl, STATS_TIMEZONE);
  } catch (error) {
    await database.close();
    throw error;
  }
  let url = database.url;
  let pool: Sql | undefined;
  const openPrimary = () => (pool = openPool(url));
  const guarded = openGuarded(openPrimary, replicaUrl);
  // Otherwise the first requests would fail if the primary is lost.
  await guarded.compared;
  const onMoved = (movedUrl: string) => {
    moveTo(database.sql, movedUrl);
    url = movedUrl;
    if (pool) moveTo(pool, movedUrl);
  };
  const stopReviving = watchService({ revive: database.revive, onMoved }, database.url, say);
  return {
    ...guarded,
    close: async () => {
      await stopReviving();
      await Promise.all([guarded.close(), database.close()]);
    },
  };
}

/** Searches in PostgreSQL until Meilisearch is up, because the embedded one takes a second to start. */
function openSearch(
  settings: ServeSettings,
  { searches: sql, shared }: Pick<GuardedSql, "searches" | "shared">,
  say: Say,
): { search: Search; close(): Promise<void> } {
  const database = { sql, shared, timezone: settings.STATS_TIMEZONE };
  let current = createSearch(database);
  let isStarting = true;
  let stopReviving = async () => {};
  const meilisearch = openMeilisearch({ ...settings, say }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    say(`Meilisearch does not start, so PostgreSQL searches: ${reason}`);
    return null;
  });
  void meilisearch.then((meili) => {
    isStarting = false;
    if (!meili) return;
    current = createSearch({ ...database, meili });
    const onMoved = (url: string) => {
      current = createSearch({ ...database, meili: { ...meili, url } });
    };
    stopReviving = watchService({ revive: meili.revive, onMoved }, meili.url, say);
  });
  return {
    search: {
      search: (request, signal) => current.search(request, signal),
      suggest: (prefix, signal) => current.suggest(prefix, signal),
      passages: (content, pid) => current.passages(content, pid),
      trends: (request, signal) => current.trends(request, signal),
      complete: (request) => current.complete(request),
      health: async () => {
        const health = await current.health();
        return isStarting ? { ...health, reachable: false } : health;
      },
    },
    close: async () => {
      const meili = await meilisearch;
      await stopReviving();
      await meili?.close();
    },
  };
}

async function stopListening(server: ReturnType<typeof listen>): Promise<void> {
  const stopped = server.stop();
  const end_ms = performance.now() + responseTimeout_ms;
  while (server.pendingRequests > 0 && performance.now() < end_ms) await Bun.sleep(20);
  // Bun waits as long as a client with an incomplete request keeps its connection.
  await connectionTimeout.execute(() => stopped).catch(() => {});
  await server.stop(true);
}

/** @throws Error with advice if the port is taken */
export function listen(
  {
    HOST: hostname,
    PORT: port,
    IDLE_TIMEOUT: idleTimeout = 75,
  }: Pick<ServeSettings, "HOST" | "PORT"> & Partial<Pick<ServeSettings, "IDLE_TIMEOUT">>,
  fetch: ReturnType<typeof createApp>["fetch"],
) {
  try {
    return Bun.serve({
      hostname,
      port,
      // Outside development, the default lets two processes of Bun share a port without noticing.
      reusePort: false,
      // In seconds. Longer than load balancers keep an idle connection (usually 60 s): if we closed it first, a request
      // sent meanwhile would fail.
      idleTimeout,
      // Bun's development error pages would show our code.
      development: false,
      fetch: (request, server) => fetch(request, { address: () => server.requestIP(request)?.address }),
    });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "EADDRINUSE")
      throw new Error(`port ${port} is taken: stop the process that listens there, or set PORT`, { cause: error });
    if (code === "EINVAL" || code === "EADDRNOTAVAIL")
      throw new Error(`HOST must be an address of this machine, not ${hostname}`, { cause: error });
    throw error;
  }
}

/** A client that rejects calls while disconnected, and reconnects indefinitely. */
export function connectRedis(url: string): RedisLike {
  const client = new Bun.RedisClient(url, {
    enableOfflineQueue: false,
    connectionTimeout: 2000,
    maxRetries: 2 ** 32 - 1,
  });
  client.connect().catch(() => {});
  return client as unknown as RedisLike;
}
