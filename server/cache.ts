/**
 * Whole answers, compressed as they go over the wire, kept under keys that hold the data generation: an entry is never
 * stale, so nothing ever expires for freshness. In front a bounded memory of this process, behind it a store shared by
 * servers where one is configured. A store that is down, slow or full is by-passed, never waited for.
 */
import { LRUCache } from "lru-cache";
import type { Coding } from "./encoding.ts";

export interface Entry {
  type: string;
  coding: Coding;
  etag: string;
  disposition?: string | undefined;
  body: Uint8Array<ArrayBuffer>;
}

/** A store shared by servers: Redis, or Upstash over HTTP. */
export interface Store {
  readonly name: string;
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  set(key: string, value: Uint8Array<ArrayBuffer>, ttl_s: number): Promise<void>;
  close(): void;
}

/** Seconds after which a store may forget an entry: older generations are cleaned up by it. */
const ttl_s = 86_400;
/** Bytes of the memory in front. */
const memorySize_bytes = 64 * 1024 * 1024;
/** Milliseconds a store may take. */
const patience_ms = 100;

export interface Cache {
  readonly backend: string;
  get(key: string): Promise<Entry | undefined>;
  set(key: string, entry: Entry): void;
  /** Store calls that failed or took too long. */
  failures(): number;
  size_bytes(): number;
  clear(): void;
}

const prefix = "potstats:";

export function createCache(store?: Store, warn: (message: string) => void = () => {}): Cache {
  const memory = new LRUCache<string, Entry>({
    maxSize: memorySize_bytes,
    sizeCalculation: (entry, key) => entry.body.length + key.length + 200,
  });
  let failures = 0;
  let isDown = false;
  const guarded = async <T>(call: Promise<T>): Promise<T | undefined> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${patience_ms} ms`)), patience_ms);
    });
    try {
      const value = await Promise.race([call, late]);
      if (isDown) warn(`${store?.name} answers again`);
      isDown = false;
      return value;
    } catch (error) {
      failures++;
      if (!isDown) warn(`${store?.name} is by-passed: ${error instanceof Error ? error.message : String(error)}`);
      isDown = true;
      return undefined;
    } finally {
      clearTimeout(timer);
      // Whoever came too late may fail unheard.
      call.catch(() => {});
    }
  };
  return {
    backend: store?.name ?? "memory",
    async get(key) {
      const near = memory.get(key);
      if (near || !store) return near;
      const bytes = await guarded(store.get(prefix + key));
      const far = bytes && unpack(bytes);
      if (far) memory.set(key, far);
      return far;
    },
    set(key, entry) {
      memory.set(key, entry);
      if (store) void guarded(store.set(prefix + key, pack(entry), ttl_s));
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

/** What is no entry of ours counts as missing. */
function unpack(bytes: Uint8Array<ArrayBuffer>): Entry | undefined {
  const end = bytes.indexOf(10);
  if (end === -1) return undefined;
  try {
    return {
      ...(JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Omit<Entry, "body">),
      body: bytes.slice(end + 1),
    };
  } catch {
    return undefined;
  }
}
