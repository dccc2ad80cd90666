/** Opens the cache, and the counters that servers share with it. */
import { BackendStats } from "../monitoring/backend-stats.ts";
import { type Cache, createCache, storeTimeout_ms } from "./cache.ts";
import { openStore, type StoreSettings } from "./open-store.ts";
import type { RedisLike } from "./redis.ts";

export interface OpenCache {
  cache: Cache;
  stats: BackendStats;
  /** Sends the last counts. */
  close(): Promise<void>;
}

/** @param connectRedis creates a client; each runtime has its own */
export function openCache(
  settings: StoreSettings,
  connectRedis: (url: string) => RedisLike,
  say: (message: string) => void,
): OpenCache {
  const store = openStore(settings, connectRedis, storeTimeout_ms);
  const cache = createCache(store, say);
  const stats = new BackendStats(store, cache.clear);
  return {
    cache,
    stats,
    close: async () => {
      await stats.flush();
      store?.close();
    },
  };
}
