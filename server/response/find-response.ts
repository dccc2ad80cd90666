/** Finds the API's responses in the cache, or computes each once for all requests that wait for it. */
import { LRUCache } from "lru-cache";
import type { Entry } from "../cache/cache.ts";
import { ConcurrencyLimit } from "../http/concurrency-limit.ts";
import type { Client } from "../http/client.ts";
import type { Coding } from "../http/encoding.ts";
import { type ApiRequest, cacheKey } from "./api-request.ts";
import { type ApiResponse, compute, type ComputeOptions } from "./compute.ts";
import type { Endpoint } from "./endpoints.ts";
import { SharedWork, WorkInFlight } from "./shared-work.ts";

export interface FindResponseOptions extends ComputeOptions {
  /** Milliseconds before a computation times out. */
  timeout_ms: number;
  /** Whether requests may wait for each other's computations, and for each other's end. */
  sharesWork: boolean;
  /**
   * Milliseconds that a response which PostgreSQL gave in place of Meilisearch is sent again to whoever asks the same. It
   * would otherwise compute the first letters that everybody types over and over.
   */
  fallbackLifetime_ms: number;
}

/** The waiting request. Both are read only for a computation: on Bun they cost more than a cache lookup. */
export interface Waiter {
  readonly client: Client;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

/** Finds or computes the response to a request. */
export type FindResponse = (request: ApiRequest, coding: Coding, waiter: Waiter) => Promise<ApiResponse>;

/** Responses that PostgreSQL has just given in place of Meilisearch. */
const maxFallbacks = 1000;

export function createResponseFinder(options: FindResponseOptions): FindResponse {
  const { cache, generations, version, observer, timeout_ms, sharesWork, fallbackLifetime_ms } = options;
  const limit = new ConcurrencyLimit();
  const fallbacks = new LRUCache<string, ApiResponse>({ max: maxFallbacks, ttl: fallbackLifetime_ms });
  const inFlight = new WorkInFlight<ApiResponse>();
  let latestGeneration: string | undefined;

  /**
   * Clears the memory when the data has changed: older responses are never requested again, and may name a user who has
   * since been forgotten.
   */
  function dropOlderThan(generation: string): void {
    if (latestGeneration === generation) return;
    if (latestGeneration !== undefined) cache.clear();
    fallbacks.clear();
    latestGeneration = generation;
  }

  /** @param release called when the work has really ended: its queries may outlast the requests that waited */
  function start(request: ApiRequest, coding: Coding, client: Client, release: () => void): SharedWork<ApiResponse> {
    return new SharedWork((signal) => {
      const { result, ended } = compute(options, request, coding, client, signal);
      void ended.then(release);
      return result;
    }, timeout_ms);
  }

  function startShared(name: string, ...args: Parameters<typeof start>): SharedWork<ApiResponse> {
    const work = start(...args);
    inFlight.add(name, work);
    const keep = (response: ApiResponse) => "entry" in response && response.isFallback && fallbacks.set(name, response);
    work.result.then(keep, () => {});
    return work;
  }

  function hit(entry: Entry, { view }: Endpoint, isFromMemory: boolean): ApiResponse {
    observer.cacheHit(view);
    return { entry, mayBeCached: true, isFromMemory };
  }

  function inMemory(name: string, endpoint: Endpoint): ApiResponse | undefined {
    const entry = cache.inMemory(name);
    return entry ? hit(entry, endpoint, true) : fallbacks.get(name);
  }

  return async (request, coding, waiter) => {
    const { key, endpoint } = request;
    if (key === undefined) {
      const { client, signal } = waiter;
      const release = sharesWork ? await limit.enter(client, signal) : () => {};
      return start(request, coding, client, release).join(signal);
    }
    const generation = await generations.current();
    dropOlderThan(generation);
    const name = cacheKey(version, generation, key, coding);
    const known = inMemory(name, endpoint);
    if (known) return known;
    const stored = await cache.get(name);
    if (stored) return hit(stored, endpoint, false);
    const { client, signal } = waiter;
    if (!sharesWork) return start(request, coding, client, () => {}).join(signal);
    const computing = inFlight.get(name);
    if (computing) return computing.join(signal);

    // Other requests do not join one that waits for a slot: they would wait in this client's queue and share its
    // rejection.
    const entering = limit.enter(client, signal);
    const release = entering instanceof Promise ? await entering : entering;
    // Meanwhile another client may have computed the response, or started to.
    const computed = inMemory(name, endpoint);
    const work = inFlight.get(name);
    if (computed || work) release();
    return computed ?? (work ?? startShared(name, request, coding, client, release)).join(signal);
  };
}
