/** So many requests a second for each client, and a burst of three times that: a bucket of tokens each. */
import { LRUCache } from "lru-cache";

/** Clients that are remembered; the longest unseen one is forgotten, and begins anew with a full bucket. */
const mostClients = 10_000;
const burst_s = 3;

interface Bucket {
  tokens: number;
  filled_ms: number;
}

export interface RateLimit {
  /** Takes a token. @returns 0, or the seconds after which there is one again */
  take(client: string): number;
}

/** @param rate tokens per second and client; 0: no limit */
export function createRateLimit(rate: number, now_ms: () => number = () => performance.now()): RateLimit {
  if (rate === 0) return { take: () => 0 };
  const capacity = Math.max(1, rate * burst_s);
  const buckets = new LRUCache<string, Bucket>({ max: mostClients });
  return {
    take(client) {
      const now = now_ms();
      const bucket = buckets.get(client) ?? { tokens: capacity, filled_ms: now };
      bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.filled_ms) / 1000) * rate);
      bucket.filled_ms = now;
      buckets.set(client, bucket);
      if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / rate));
      bucket.tokens--;
      return 0;
    },
  };
}
