/** So many requests a second for each client, and a burst of three times that: a bucket of tokens each. */
import { LRUCache } from "lru-cache";
import type { Client } from "./client.ts";

/** Buckets that are remembered; the longest unused one is forgotten, and its client begins anew with a full one. */
const mostBuckets = 10_000;
const burst_s = 3;
/** A network's bucket holds as many tokens as those of so many clients. */
const clientsOfNetwork = 4;

interface Bucket {
  tokens: number;
  filled_ms: number;
}

export interface RateLimit {
  /** Takes a token, of the client's and its network's. @returns 0, or the seconds after which there is one again */
  take(client: Client): number;
}

/** @param rate tokens per second and client; 0: no limit */
export function createRateLimit(rate: number, now_ms: () => number = () => performance.now()): RateLimit {
  if (rate === 0) return { take: () => 0 };
  const buckets = new LRUCache<string, Bucket>({ max: mostBuckets });

  /** The bucket as it is now. */
  function filled(name: string, clients: number): Bucket {
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
      const shared = network === undefined ? undefined : filled(network, clientsOfNetwork);
      // A client of a network that has none left needs no bucket: 65,536 of them would push everybody else's out.
      const ofNetwork_s = shared ? wait_s(shared, clientsOfNetwork) : 0;
      if (ofNetwork_s > 0) return ofNetwork_s;
      const own = filled(key, 1);
      const ofClient_s = wait_s(own, 1);
      if (ofClient_s > 0) return ofClient_s;
      own.tokens--;
      if (shared) shared.tokens--;
      return 0;
    },
  };
}
