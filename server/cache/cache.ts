/**
 * Caches whole responses, compressed as they are sent. Keys contain the data generation, so entries never go stale.
 * Entries are kept in the memory of this process and, if one is configured, in a store that servers share. A store that
 * is down, slow or full is bypassed.
 */
import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleAll,
  isBrokenCircuitError,
  timeout,
  TimeoutStrategy,
  wrap,
} from "cockatiel";
import { LRUCache } from "lru-cache";
import type { Coding } from "../http/encoding.ts";
import { responsePrefix, type Store } from "./store.ts";

export interface Entry {
  type: string;
  coding: Coding;
  etag: string;
  disposition?: string | undefined;
  body: Uint8Array<ArrayBuffer>;
}

/** Seconds until an entry in a store expires: this removes the entries of older generations. */
const ttl_s = 86_400;
/** Maximum size of all entries in memory, by default. */
const defaultMemorySize_bytes = 64 * 1024 * 1024;
/** Milliseconds before a call to a store times out. */
export const storeTimeout_ms = 100;
/** Milliseconds for which a store is bypassed after a failed call. */
const halfOpenAfter_ms = 1000;

export interface Cache {
  readonly backend: string;
  /** The entry, if it is in the memory of this process. */
  inMemory(key: string): Entry | undefined;
  get(key: string): Promise<Entry | undefined>;
  set(key: string, entry: Entry): void;
  /** Calls to the store that failed or timed out. */
  failures(): number;
  size_bytes(): number;
  /** Clears the memory of this process. */
  clear(): void;
}

export function createCache(
  store?: Store,
  warn: (message: string) => void = () => {},
  memorySize_bytes = defaultMemorySize_bytes,
): Cache {
  const memory = new LRUCache<string, Entry>({
    maxSize: memorySize_bytes,
    sizeCalculation: (entry, key) => entry.body.length + key.length + 200,
  });
  let failures = 0;

  /**
   * Guards one kind of call to the store. A full store can still be read, so reads and writes have a circuit breaker
   * each.
   */
  function guardedCalls(kind: string) {
    const breaker = circuitBreaker(handleAll, {
      halfOpenAfter: halfOpenAfter_ms,
      breaker: new ConsecutiveBreaker(1),
    });
    // `abortOnReturn` would abort a signal that nobody uses, at a tenth of the cost of a read from Redis.
    const storeTimeout = timeout(storeTimeout_ms, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
    const policy = wrap(breaker, storeTimeout);
    let isFailing = false;
    return async <T>(call: (store: Store) => Promise<T>): Promise<T | undefined> => {
      // While one call tests the store, the others bypass it; the breaker would make them wait.
      if (!store || breaker.state === CircuitState.HalfOpen) return undefined;
      try {
        const value = await policy.execute(() => call(store));
        if (isFailing && breaker.state === CircuitState.Closed) {
          isFailing = false;
          warn(`${kind} ${store.name} works again`);
        }
        return value;
      } catch (error) {
        if (isBrokenCircuitError(error)) return undefined;
        failures++;
        // Upstash's message contains the whole command.
        const reason = (error instanceof Error ? error.message : String(error)).slice(0, 200);
        if (!isFailing) warn(`${kind} ${store.name} is bypassed: ${reason}`);
        isFailing = true;
        return undefined;
      }
    };
  }
  const reading = guardedCalls("reading from");
  const writing = guardedCalls("writing to");

  return {
    backend: store?.name ?? "memory",
    inMemory: (key) => memory.get(key),
    async get(key) {
      const entry = memory.get(key);
      if (entry || !store) return entry;
      const bytes = await reading((shared) => shared.get(responsePrefix + key));
      const stored = bytes && unpack(bytes);
      if (stored) memory.set(key, stored);
      return stored;
    },
    set(key, entry) {
      memory.set(key, entry);
      void writing((shared) => shared.set(responsePrefix + key, pack(entry), ttl_s));
    },
    failures: () => failures,
    size_bytes: () => memory.calculatedSize,
    clear: () => memory.clear(),
  };
}

/** Serializes an entry: one line of JSON, then the body. */
function pack({ body, ...head }: Entry): Uint8Array<ArrayBuffer> {
  const line = new TextEncoder().encode(`${JSON.stringify(head)}\n`);
  const bytes = new Uint8Array(line.length + body.length);
  bytes.set(line);
  bytes.set(body, line.length);
  return bytes;
}

const codings: readonly string[] = ["br", "zstd", "gzip", "identity"] satisfies Coding[];

/** Parses an entry; undefined, as for a cache miss, if the bytes are not one. */
function unpack(bytes: Uint8Array<ArrayBuffer>): Entry | undefined {
  const end = bytes.indexOf(10);
  if (end === -1) return undefined;
  try {
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Partial<Entry> | null;
    const { type, coding, etag, disposition } = head ?? {};
    const isEntry = typeof type === "string" && typeof etag === "string" && codings.includes(coding ?? "");
    return isEntry && coding ? { type, coding, etag, disposition, body: bytes.slice(end + 1) } : undefined;
  } catch {
    return undefined;
  }
}
