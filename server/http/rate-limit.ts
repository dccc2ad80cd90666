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
  /** Takes a token from the client's and its network's bucket. @returns 0, or the seconds until the next token */
  take(client: Client): number;
}

/** @param rate tokens per second and client; 0: no limit */
export function createRateLimit(rate: number, now_ms: () => number = () => performance.now()): RateLimit {
  if (rate === 0) return { take: () => 0 };
  const buckets = new LRUCache<string, Bucket>({ max: maxBuckets });

  /** The bucket, refilled up to now. */
  function bucketOf(name: string, clients: number): Bucket {
    const capacity = clients * Math.max(1, rate * burst_s);
    const now = now_ms();
    const bucket = buckets.get(name) ?? { tokens: capacity, filled_ms: now };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.filled_ms) / 1000) * rate * clients);
    bucket.filled_ms = now;
    buckets.set(name, bucket);
    return bucket;
  }

  const wait_s = ({ tokens }: Bucket, clients: number) =>
    tokens < 1 ? Math.max(1, Math.ceil((1 - tokens) / (rate * clients))) : 0;

  return {
    take({ key, network }) {
      const networkBucket = network === undefined ? undefined : bucketOf(network, clientsPerNetwork);
      // If the network's bucket is empty, its clients get no buckets: 65,536 of them would evict all others.
      const networkWait_s = networkBucket ? wait_s(networkBucket, clientsPerNetwork) : 0;
      if (networkWait_s > 0) return networkWait_s;
      const clientBucket = bucketOf(key, 1);
      const clientWait_s = wait_s(clientBucket, 1);
      if (clientWait_s > 0) return clientWait_s;
      clientBucket.tokens--;
      if (networkBucket) networkBucket.tokens--;
      return 0;
    },
  };
}

/** Responds with 429 to clients that exceed the rate. */
export function limitRate(rate: number, clientOf: (c: HonoContext) => Client): MiddlewareHandler<HonoEnv> {
  const limit = createRateLimit(rate);
  return async (c, next) => {
    const wait_s = limit.take(clientOf(c));
    if (wait_s > 0) {
      return toResponse(errorResponse(429, "too many searches: slow down, please", { "Retry-After": String(wait_s) }));
    }
    await next();
  };
}
