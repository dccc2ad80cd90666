/** Puts a server together from settings and listens. */
import { join } from "node:path";
import { connect, moveTo, type Sql } from "@potstats/db/connect";
import { openDatabase } from "@potstats/db/open";
import { refuseIfThere } from "@potstats/db/checks/startup";
import { openMeilisearch } from "@potstats/search/embedded";
import type { Search } from "@potstats/search/contract";
import { createSearch } from "@potstats/search/search";
import { createApp } from "./app.ts";
import { readAssets } from "./site/assets.ts";
import { BackendStats } from "./watch/backend-stats.ts";
import { createCache, patience_ms } from "./cache/cache.ts";
import type { RedisLike } from "./cache/redis.ts";
import { openStore } from "./cache/store.ts";
import { connectionsFor, guardSql, places, statement_timeout_ms } from "./queries/guarded-sql.ts";
import { createGenerations } from "./cache/generations.ts";
import { keepAlive } from "./watch/revive.ts";
import manifest from "../package.json" with { type: "json" };

export interface ServeSettings {
  PORT: number;
  HOST: string;
  DATA_DIR: string;
  DATABASE_URL: string | undefined;
  DATABASE_REPLICA_URL: string | undefined;
  REDIS_URL: string | undefined;
  UPSTASH_REDIS_REST_URL: string | undefined;
  UPSTASH_REDIS_REST_TOKEN: string | undefined;
  MEILI_URL: string | undefined;
  MEILI_MASTER_KEY: string | undefined;
  FORUM_URL: string;
  PROFILES_URL: string;
  STATS_TIMEZONE: string;
  IMPRINT_NAME: string;
  IMPRINT_CONTACT: string;
  SEARCH_RATE?: number;
  TRUST_PROXY?: number;
  METRICS_TOKEN?: string | undefined;
  ALLOW_ROBOTS?: boolean;
  PUBLIC_URL?: string | undefined;
  BASE_PATH?: string;
  IDLE_TIMEOUT?: number;
}

export interface Served {
  /** Where the application is found on this machine. */
  url: string;
  /** Lets requests in flight finish, cuts off whoever has sent half of one, then closes everything. */
  stop(): Promise<void>;
}

/** Milliseconds after which an answer is given up. */
const timeout_ms = 10_000;
/** Milliseconds, when the server stops and every request is answered, to read the answers, and to send the rest of a half-sent request. */
const grace_ms = 1500;
/** Milliseconds for closing what the server had opened. */
const closing_ms = 2000;

/**
 * Serves the API and the web application.
 * @throws Error when the port is taken, or the database cannot be opened
 */
export async function serveApp(
  settings: ServeSettings,
  { say = () => {}, log }: { say?: (message: string) => void; log?: (line: Record<string, unknown>) => void } = {},
): Promise<Served> {
  const database = await openDatabase(settings, { max: 1, name: "potstats server", say, mayBeAway: true });
  try {
    for (const url of [database.url, settings.DATABASE_REPLICA_URL])
      if (url) await refuseIfThere(url, settings.STATS_TIMEZONE);
  } catch (error) {
    await database.close();
    throw error;
  }
  let databaseUrl = settings.DATABASE_REPLICA_URL ?? database.url;
  let pool: Sql | undefined;
  const { sql, searches, shared, during, running, ...guard } = guardSql({
    open: () =>
      (pool = connect(withBackoff(databaseUrl), {
        max: connectionsFor(places),
        max_pipeline: 0,
        statement_timeout_ms,
        name: "potstats server",
      })),
  });
  const stopReviving = keepAlive(
    {
      revive: database.revive,
      onMoved: (moved) => {
        if (!settings.DATABASE_REPLICA_URL) databaseUrl = moved;
        for (const each of [database.sql, ...(pool && !settings.DATABASE_REPLICA_URL ? [pool] : [])])
          moveTo(each, moved);
      },
    },
    database.url,
    say,
  );
  const meilisearch = openMeilisearch({ ...settings, say }).catch((error: unknown) => {
    say(
      `Meilisearch does not start, so PostgreSQL searches: ${error instanceof Error ? error.message : String(error)}`,
    );
    return null;
  });
  const store = openStore(settings, connectRedis, patience_ms);
  const cache = createCache(store, say);
  const stats = new BackendStats(store, cache.clear);
  const searching = searchWith(meilisearch, searches, settings.STATS_TIMEZONE, say);
  const close = async () => {
    await Promise.all([stopReviving(), searching.stop()]);
    await stats.close();
    store?.close();
    await Promise.all([guard.close(), meilisearch.then((opened) => opened?.close()), database.close()]);
  };
  try {
    const basePath = settings.BASE_PATH ?? "";
    const assets = await readAssets(join(import.meta.dirname, "../web/dist"), basePath);
    const server = listen(settings, (request, connection) => app.fetch(request, connection));
    const address = `http://${hostOf(settings.HOST)}:${server.port}${basePath}`;
    const app = createApp({
      sql,
      search: searching.search,
      cache,
      stats,
      generations: createGenerations(shared),
      assets,
      imprint: { name: settings.IMPRINT_NAME, contact_info: settings.IMPRINT_CONTACT },
      forumUrl: settings.FORUM_URL,
      profilesUrl: settings.PROFILES_URL,
      version: manifest.version,
      log,
      timeout_ms,
      during,
      // Loaded when it is asked for: the tables' definitions would make the start a sixth longer.
      isMigrated: async () => (await import("@potstats/db/migrate")).isMigrated(shared),
      searchRate: settings.SEARCH_RATE,
      trustProxy: settings.TRUST_PROXY,
      metricsToken: settings.METRICS_TOKEN,
      allowRobots: settings.ALLOW_ROBOTS,
      basePath,
      publicUrl: withPath(settings.PUBLIC_URL, basePath) ?? address,
      pool: { running, connections: connectionsFor(places) },
    });
    return {
      url: address,
      stop: async () => {
        const stopped = server.stop();
        const end_ms = performance.now() + timeout_ms;
        while (server.pendingRequests > 0 && performance.now() < end_ms) await Bun.sleep(20);
        // By itself Bun waits as long as a half-sent request keeps its connection.
        await Promise.race([stopped, Bun.sleep(grace_ms)]);
        await server.stop(true);
        await Promise.race([close(), Bun.sleep(closing_ms)]);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Searches in PostgreSQL until Meilisearch is there: the embedded one takes a second to start, for which no page should wait. */
function searchWith(
  opening: ReturnType<typeof openMeilisearch>,
  sql: Sql,
  timezone: string,
  say: (message: string) => void,
): { search: Search; stop(): Promise<void> } {
  let search = createSearch({ sql, timezone });
  let isOpening = true;
  let stop = async () => {};
  void opening.then((opened) => {
    isOpening = false;
    if (!opened) return;
    search = createSearch({ sql, meili: opened, timezone });
    const onMoved = (url: string) => {
      search = createSearch({ sql, meili: { ...opened, url }, timezone });
    };
    stop = keepAlive({ revive: opened.revive, onMoved }, opened.url, say);
  });
  return {
    search: {
      search: (request, signal) => search.search(request, signal),
      suggest: (prefix, signal) => search.suggest(prefix, signal),
      health: async () => {
        const health = await search.health();
        return isOpening ? { ...health, reachable: false } : health;
      },
    },
    stop: () => stop(),
  };
}

/** Asks postgres.js to try again every half second while the database is away; by itself it takes up to 20. */
const withBackoff = (url: string) => `${url}${url.includes("?") ? "&" : "?"}backoff=0.5`;

type Fetch = ReturnType<typeof createApp>["fetch"];

/** The host as it stands in an address to visit. */
const hostOf = (host: string) =>
  host === "127.0.0.1" || host === "0.0.0.0" ? "localhost" : host.includes(":") ? `[${host}]` : host;

/** The address with the path at its end; operators write it with the path or without. */
const withPath = (url: string | undefined, path: string) =>
  url && (new URL(url).pathname.endsWith(path) ? url : url + path);

/** @throws Error that says what to do when the port is taken */
export function listen(settings: Pick<ServeSettings, "HOST" | "PORT" | "IDLE_TIMEOUT">, fetch: Fetch) {
  const { HOST: hostname, PORT: port, IDLE_TIMEOUT: idleTimeout = 75 } = settings;
  try {
    return Bun.serve({
      hostname,
      port,
      // Longer than balancers keep a connection (60 s mostly): one that we close first fails the request it is just used for.
      idleTimeout,
      // Its pages for errors would show our code; none should ever be needed.
      development: false,
      fetch: (request, server) => fetch(request, { address: () => server.requestIP(request)?.address }),
    });
  } catch (error) {
    if ((error as { code?: string }).code === "EADDRINUSE") {
      throw new Error(`port ${port} is taken: stop what listens there, or set PORT`, { cause: error });
    }
    throw error;
  }
}

/** Until it is connected, calls fail and are by-passed; it goes on trying by itself, for ever. */
export function connectRedis(url: string): RedisLike {
  const client = new Bun.RedisClient(url, {
    enableOfflineQueue: false,
    connectionTimeout: 2000,
    maxRetries: 2 ** 32 - 1,
  });
  client.connect().catch(() => {});
  return client as unknown as RedisLike;
}
