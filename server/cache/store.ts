/** The store that servers share: Redis, or Upstash over HTTP. cache.ts reads and writes the responses in it. */

export interface Store {
  readonly name: string;
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  set(key: string, value: Uint8Array<ArrayBuffer>, ttl_s: number): Promise<void>;
  /** Sends any other Redis command with text arguments. */
  send(command: string, args: string[]): Promise<unknown>;
  close(): void;
}

/** The prefix of all our keys; no other key is ever touched. */
export const prefix = "potstats:";
/** Responses: `potstats:answer:<version>:<generation>:<path>?<query>:<coding>`. */
export const responsePrefix = `${prefix}answer:`;

/** The keys of all cached responses, one page at a time. */
async function* responseKeys(store: Store): AsyncGenerator<string[]> {
  let cursor = "0";
  do {
    const [next, keys] = (await store.send("SCAN", [cursor, "MATCH", `${responsePrefix}*`, "COUNT", "1000"])) as [
      string,
      string[],
    ];
    cursor = String(next);
    if (keys.length > 0) yield keys;
  } while (cursor !== "0");
}

const sumOfLengths = `
local sum = 0
for _, key in ipairs(KEYS) do sum = sum + redis.call('STRLEN', key) end
return sum`;

export interface StoreUsage {
  /** Number of cached responses. */
  answers: number;
  size_bytes: number;
  /** Data generations with responses; all but the latest will only expire. */
  generations: number;
}

/** Counts our responses in the store, and their size. */
export async function usageOf(store: Store): Promise<StoreUsage> {
  // SCAN may return a key twice while Redis rehashes.
  const seen = new Set<string>();
  const generations = new Set<string>();
  let size_bytes = 0;
  for await (const page of responseKeys(store)) {
    const keys = page.filter((key) => !seen.has(key));
    for (const key of keys) {
      seen.add(key);
      generations.add(key.slice(responsePrefix.length).split(":")[1] ?? "");
    }
    if (keys.length > 0) size_bytes += Number(await store.send("EVAL", [sumOfLengths, String(keys.length), ...keys]));
  }
  return { answers: seen.size, size_bytes, generations: generations.size };
}

/** Removes all cached responses. @returns their number */
export async function removeResponses(store: Store): Promise<number> {
  let removed = 0;
  for await (const keys of responseKeys(store)) removed += Number(await store.send("UNLINK", keys));
  return removed;
}
