/** Opens the store that the settings name. */
import type { Settings } from "@potstats/cli/settings";
import { type RedisLike, redisStore } from "./redis.ts";
import type { Store } from "./store.ts";
import { upstashStore } from "./upstash.ts";

export type StoreSettings = Partial<
  Pick<Settings, "REDIS_URL" | "UPSTASH_REDIS_REST_URL" | "UPSTASH_REDIS_REST_TOKEN">
>;

/**
 * Upstash if it is configured, else Redis, else undefined.
 * @param connectRedis creates a client; each runtime has its own
 * @param timeout_ms milliseconds before a call to Upstash times out
 */
export function openStore(
  { REDIS_URL, UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN }: StoreSettings,
  connectRedis: (url: string) => RedisLike,
  timeout_ms: number,
): Store | undefined {
  if (UPSTASH_REDIS_REST_URL && UPSTASH_REDIS_REST_TOKEN) {
    return upstashStore(UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN, timeout_ms);
  }
  return REDIS_URL ? redisStore(connectRedis(REDIS_URL)) : undefined;
}
