/** Computes a response and stores it in the cache. */
import type { Cache, Entry } from "../cache/cache.ts";
import type { Generations } from "../cache/generations.ts";
import type { Client } from "../http/client.ts";
import { type Coding, encode } from "../http/encoding.ts";
import type { PlainResponse } from "../http/response.ts";
import type { Observer } from "../monitoring/observer.ts";
import type { Running } from "../queries/guarded-sql.ts";
import { type ApiRequest, cacheKey } from "./api-request.ts";

/** A successful response, or the route's error response. */
export type ApiResponse =
  | {
      entry: Entry;
      /** Whether the client may cache it. */
      mayBeCached: boolean;
      /** Whether it may be sent again, but only for a moment. */
      isFallback?: boolean;
      /** Whether the entry was in the memory of this process. */
      isFromMemory?: boolean;
    }
  | { error: PlainResponse };

export interface ComputeOptions {
  cache: Cache;
  generations: Generations;
  /** Part of the cache key: everything besides the data that responses depend on (software version, base path). */
  version: string;
  observer: Observer;
  /**
   * Calls the route. A response with `no-store` is not cached.
   * @param target an endpoint's path and its own parameters
   */
  callRoute(target: string, signal: AbortSignal, client: Client): Running<Response>;
}

/** Within the server only: marks a route's response that may not be cached, but sent again for a moment. */
export const fallbackHeader = "X-Fallback";

/** How often a response is recomputed if the data keeps changing meanwhile; the last one is sent, but not cached. */
const maxAttempts = 3;

export function compute(
  options: ComputeOptions,
  request: ApiRequest,
  coding: Coding,
  client: Client,
  signal: AbortSignal,
): Running<ApiResponse> {
  const calls: Promise<void>[] = [];
  const callRoute = (target: string) => {
    const { result, ended } = options.callRoute(target, signal, client);
    calls.push(ended);
    return result;
  };
  const result = respond({ ...options, callRoute }, request, coding, signal);
  return { result, ended: Promise.allSettled([result]).then(async () => void (await Promise.all(calls))) };
}

type CallRoute = (target: string) => Promise<Response>;

async function respond(
  { cache, generations, version, observer, callRoute }: Omit<ComputeOptions, "callRoute"> & { callRoute: CallRoute },
  { endpoint, parameters, key, bypassesCache }: ApiRequest,
  coding: Coding,
  signal: AbortSignal,
): Promise<ApiResponse> {
  const pairs = [...parameters].flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  const target = `${endpoint.path}?${new URLSearchParams(pairs)}`;
  // Also with `nocache`: a client that asks for the latest data must not get those of two generations either.
  const ofOneGeneration = endpoint.isCached;
  for (let attempt = 1; ; attempt++) {
    const generation = ofOneGeneration ? await generations.current() : "";
    signal.throwIfAborted();
    const response = await callRoute(target);
    const plain = new Uint8Array(await response.arrayBuffer());
    if (response.status !== 200) {
      return { error: { status: response.status, headers: Object.fromEntries(response.headers), body: plain } };
    }
    // The queries may have read data of different generations.
    const isConsistent = !ofOneGeneration || (await generations.read()) === generation;
    if (!isConsistent && attempt < maxAttempts) continue;
    const entry = await entryOf(response.headers, plain, coding);
    const mayBeCached = !bypassesCache && response.headers.get("Cache-Control") !== "no-store";
    if (mayBeCached && key !== undefined && isConsistent) {
      cache.set(cacheKey(version, generation, key, coding), entry);
      observer.cacheMiss(endpoint.view, plain.length, entry.body.length);
    }
    const isFallback = isConsistent && !bypassesCache && response.headers.has(fallbackHeader);
    return { entry, mayBeCached, isFallback };
  }
}

async function entryOf(headers: Headers, plain: Uint8Array<ArrayBuffer>, preferred: Coding): Promise<Entry> {
  const [{ coding, bytes }, digest] = await Promise.all([
    encode(plain, preferred),
    crypto.subtle.digest("SHA-256", plain),
  ]);
  return {
    type: headers.get("Content-Type") ?? "application/json",
    coding,
    etag: `"${hex(digest)}-${coding}"`,
    disposition: headers.get("Content-Disposition") ?? undefined,
    body: bytes,
  };
}

/** The first 24 hexadecimal digits. */
const hex = (digest: ArrayBuffer) =>
  Array.from(new Uint8Array(digest).subarray(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");
