/**
 * Whole answers, compressed as they go over the wire, kept under keys that hold the data generation: an entry is never
 * stale, so nothing ever expires for freshness. In front a bounded memory of this process, behind it a store shared by
 * servers where one is configured. A store that is down, slow or full is by-passed, never waited for.
 */
import { LRUCache } from "lru-cache";
import { answerPrefix, type Store, within } from "./store.ts";
import type { Coding } from "../http/encoding.ts";

export interface Entry {
  type: string;
  coding: Coding;
  etag: string;
  disposition?: string | undefined;
  body: Uint8Array<ArrayBuffer>;
}

/** Seconds after which a store may forget an entry: older generations are cleaned up by it. */
const ttl_s = 86_400;
/** Bytes of the memory in front. */
const memorySize_bytes = 64 * 1024 * 1024;
/** Milliseconds a store may take. */
export const patience_ms = 100;

export interface Cache {
  readonly backend: string;
  /** What lies in this process. */
  near(key: string): Entry | undefined;
  get(key: string): Promise<Entry | undefined>;
  set(key: string, entry: Entry): void;
  /** Store calls that failed or took too long. */
  failures(): number;
  size_bytes(): number;
  clear(): void;
}

/** Milliseconds for which a store that failed is left alone. */
const rest_ms = 1000;

export function createCache(store?: Store, warn: (message: string) => void = () => {}): Cache {
  const memory = new LRUCache<string, Entry>({
    maxSize: memorySize_bytes,
    sizeCalculation: (entry, key) => entry.body.length + key.length + 200,
  });
  let failures = 0;
  /** A store that takes no more may still answer: reading and writing rest separately. */
  const guard = (doing: string) => {
    let isDown = false;
    let restsUntil_ms = -Infinity;
    return async <T>(call: (to: Store) => Promise<T>): Promise<T | undefined> => {
      if (!store || performance.now() < restsUntil_ms) return undefined;
      try {
        const value = await within(patience_ms, call(store));
        if (isDown) warn(`${doing} ${store.name} works again`);
        isDown = false;
        return value;
      } catch (error) {
        failures++;
        restsUntil_ms = performance.now() + rest_ms;
        // Upstash repeats the whole command in its message.
        const reason = (error instanceof Error ? error.message : String(error)).slice(0, 200);
        if (!isDown) warn(`${doing} ${store.name} is by-passed: ${reason}`);
        isDown = true;
        return undefined;
      }
    };
  };
  const reading = guard("reading from");
  const writing = guard("writing to");
  return {
    backend: store?.name ?? "memory",
    near: (key) => memory.get(key),
    async get(key) {
      const near = memory.get(key);
      if (near || !store) return near;
      const bytes = await reading((to) => to.get(answerPrefix + key));
      const far = bytes && unpack(bytes);
      if (far) memory.set(key, far);
      return far;
    },
    set(key, entry) {
      memory.set(key, entry);
      void writing((to) => to.set(answerPrefix + key, pack(entry), ttl_s));
    },
    failures: () => failures,
    size_bytes: () => memory.calculatedSize,
    clear: () => memory.clear(),
  };
}

/** One line of JSON, then the body. */
function pack({ body, ...head }: Entry): Uint8Array<ArrayBuffer> {
  const line = new TextEncoder().encode(`${JSON.stringify(head)}\n`);
  const bytes = new Uint8Array(line.length + body.length);
  bytes.set(line);
  bytes.set(body, line.length);
  return bytes;
}

const codings: readonly string[] = ["br", "zstd", "gzip", "identity"] satisfies Coding[];

/** What is no entry of ours counts as missing. */
function unpack(bytes: Uint8Array<ArrayBuffer>): Entry | undefined {
  const end = bytes.indexOf(10);
  if (end === -1) return undefined;
  try {
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Partial<Entry> | null;
    const { type, coding, etag, disposition } = head ?? {};
    const isOurs = typeof type === "string" && typeof etag === "string" && codings.includes(coding ?? "");
    return isOurs && coding ? { type, coding, etag, disposition, body: bytes.slice(end + 1) } : undefined;
  } catch {
    return undefined;
  }
}
