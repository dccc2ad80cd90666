/** The store that servers share, and what operators and counters do with it; the answers themselves are cache.ts's business. */
import { type RedisLike, redisStore } from "./redis.ts";
import { upstashStore } from "./upstash.ts";

/** Redis, or Upstash over HTTP. */
export interface Store {
  readonly name: string;
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  set(key: string, value: Uint8Array<ArrayBuffer>, ttl_s: number): Promise<void>;
  /** Any other command of Redis on text. */
  send(command: string, args: string[]): Promise<unknown>;
  close(): void;
}

/** Where our keys begin; nothing else in the store is ever touched. */
const prefix = "potstats:";
/** Answers: `potstats:answer:<version>:<generation>:<path>?<query>:<coding>`. */
export const answerPrefix = `${prefix}answer:`;
const countersKey = `${prefix}counters`;
/** The counter that tells running servers to forget what they hold in memory. */
export const invalidations = "invalidations";

export interface StoreSettings {
  REDIS_URL: string | undefined;
  UPSTASH_REDIS_REST_URL: string | undefined;
  UPSTASH_REDIS_REST_TOKEN: string | undefined;
}

/**
 * The store that the settings name; undefined when they name none.
 * @param redis makes a client: the runtime's own, so it is handed in
 * @param patience_ms after which a call to Upstash is given up
 */
export function openStore(
  settings: StoreSettings,
  redis: (url: string) => RedisLike,
  patience_ms: number,
): Store | undefined {
  if (settings.UPSTASH_REDIS_REST_URL && settings.UPSTASH_REDIS_REST_TOKEN) {
    return upstashStore(settings.UPSTASH_REDIS_REST_URL, settings.UPSTASH_REDIS_REST_TOKEN, patience_ms);
  }
  return settings.REDIS_URL ? redisStore(redis(settings.REDIS_URL)) : undefined;
}

/**
 * The call's value, or an error when it takes longer; whoever comes too late may fail unheard.
 * @throws Error after `patience_ms`
 */
export async function within<T>(patience_ms: number, call: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${patience_ms} ms`)), patience_ms);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
    call.catch(() => {});
  }
}

const addAll = `
for i = 1, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
return redis.call('HGETALL', KEYS[1])`;

/** Adds to the shared counters and returns them all, in one round trip. */
export async function addCounters(store: Store, added: Iterable<[string, number]>): Promise<Map<string, number>> {
  const flat = [...added].flatMap(([name, by]) => [name, String(by)]);
  const all = (await store.send("EVAL", [addAll, "1", countersKey, ...flat])) as string[];
  const counters = new Map<string, number>();
  for (let at = 0; at < all.length; at += 2) counters.set(String(all[at]), Number(all[at + 1]));
  return counters;
}

/** Every key that holds an answer, a page at a time. */
async function* answerKeys(store: Store): AsyncGenerator<string[]> {
  let cursor = "0";
  do {
    const [next, keys] = (await store.send("SCAN", [cursor, "MATCH", `${answerPrefix}*`, "COUNT", "1000"])) as [
      string,
      string[],
    ];
    cursor = String(next);
    if (keys.length > 0) yield keys;
  } while (cursor !== "0");
}

const lengths = `
local sum = 0
for _, key in ipairs(KEYS) do sum = sum + redis.call('STRLEN', key) end
return sum`;

export interface Stored {
  answers: number;
  size_bytes: number;
  /** Data generations of which there are answers; all but the last wait for their end. */
  generations: number;
}

/** What the store holds of ours. */
export async function stored(store: Store): Promise<Stored> {
  // A key may come twice while the store rehashes.
  const seen = new Set<string>();
  const generations = new Set<string>();
  let size_bytes = 0;
  for await (const page of answerKeys(store)) {
    const keys = page.filter((key) => !seen.has(key));
    for (const key of keys) {
      seen.add(key);
      generations.add(key.slice(answerPrefix.length).split(":")[1] ?? "");
    }
    if (keys.length > 0) size_bytes += Number(await store.send("EVAL", [lengths, String(keys.length), ...keys]));
  }
  return { answers: seen.size, size_bytes, generations: generations.size };
}

/** Removes every answer, and tells running servers to forget theirs. @returns how many were removed */
export async function invalidate(store: Store): Promise<number> {
  let removed = 0;
  for await (const keys of answerKeys(store)) removed += Number(await store.send("UNLINK", keys));
  await addCounters(store, [[invalidations, 1]]);
  return removed;
}
