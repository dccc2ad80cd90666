/** A token bucket per client: N requests per second, with bursts of 3 N. */
import type { MiddlewareHandler } from "hono";
import { LRUCache } from "lru-cache";
import type { Client } from "./client.ts";
import type { HonoContext, HonoEnv } from "./hono-env.ts";
import { errorResponse, toResponse } from "./response.ts";

/** Buckets kept in memory; a client whose bucket was evicted starts with a full one. */
const maxBuckets = 10_000;
/** Seconds until an empty bucket is full. */
const burst_s = 3;
/** A network's bucket has the capacity of this many clients' buckets. */
const clientsPerNetwork = 4;

interface Bucket {
  tokens: number;
  filled_ms: number;
}

export interface RateLimit {
  /**
   * Takes tokens from the client's and its network's bucket. More than a bucket holds are taken from a full one, which
   * then takes longer to fill.
   * @param tokens one by default
   * @returns 0, or the seconds until there are enough
   */
  take(client: Client, tokens?: number): number;
}

/** @param rate tokens per second and client; 0: no limit */
export function createRateLimit(rate: number, now_ms: () => number = () => performance.now()): RateLimit {
  if (rate === 0) return { take: () => 0 };
  const buckets = new LRUCache<string, Bucket>({ max: maxBuckets });

  const capacityOf = (clients: number) => clients * Math.max(1, rate * burst_s);

  /** The bucket, refilled up to now. */
  function bucketOf(name: string, clients: number): Bucket {
    const capacity = capacityOf(clients);
    const now = now_ms();
    const bucket = buckets.get(name) ?? { tokens: capacity, filled_ms: now };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.filled_ms) / 1000) * rate * clients);
    bucket.filled_ms = now;
    buckets.set(name, bucket);
    return bucket;
  }

  function wait_s(bucket: Bucket, clients: number, wanted: number): number {
    const needed = Math.min(wanted, capacityOf(clients));
    return bucket.tokens < needed ? Math.max(1, Math.ceil((needed - bucket.tokens) / (rate * clients))) : 0;
  }

  return {
    take({ key, network }, tokens = 1) {
      const networkBucket = network === undefined ? undefined : bucketOf(network, clientsPerNetwork);
      // If the network's bucket is empty, its clients get no buckets: 65,536 of them would evict all others.
      const networkWait_s = networkBucket ? wait_s(networkBucket, clientsPerNetwork, tokens) : 0;
      if (networkWait_s > 0) return networkWait_s;
      const clientBucket = bucketOf(key, 1);
      const clientWait_s = wait_s(clientBucket, 1, tokens);
      if (clientWait_s > 0) return clientWait_s;
      clientBucket.tokens -= tokens;
      if (networkBucket) networkBucket.tokens -= tokens;
      return 0;
    },
  };
}

/**
 * Responds with 429 to clients that exceed the rate.
 * @param searchesOf the number of searches that a request consists of
 */
export function limitRate(
  rate: number,
  clientOf: (c: HonoContext) => Client,
  searchesOf: (c: HonoContext) => number = () => 1,
): MiddlewareHandler<HonoEnv> {
  const limit = createRateLimit(rate);
  return async (c, next) => {
    const wait_s = limit.take(clientOf(c), searchesOf(c));
    if (wait_s > 0) {
      return toResponse(errorResponse(429, "too many searches: slow down, please", { "Retry-After": String(wait_s) }));
    }
    await next();
  };
}
