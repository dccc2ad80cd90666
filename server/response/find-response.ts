/** Finds the API's responses in the cache, or computes each once for all requests that wait for it. */
import type { Entry } from "../cache/cache.ts";
import { ConcurrencyLimit } from "../http/concurrency-limit.ts";
import type { Client } from "../http/client.ts";
import type { Coding } from "../http/encoding.ts";
import { type ApiRequest, cacheKey } from "./api-request.ts";
import { type ApiResponse, compute, type ComputeOptions } from "./compute.ts";
import type { Endpoint } from "./endpoints.ts";
import { SharedWork } from "./shared-work.ts";

export interface FindResponseOptions extends ComputeOptions {
  /** Milliseconds before a computation times out. */
  timeout_ms: number;
  /** Whether requests may wait for each other's computations, and for each other's end. */
  sharesWork: boolean;
}

/** The waiting request. Both are read only for a computation: on Bun they cost more than a cache lookup. */
export interface Waiter {
  readonly client: Client;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

/** Finds or computes the response to a request. */
export type FindResponse = (request: ApiRequest, coding: Coding, waiter: Waiter) => Promise<ApiResponse>;

export function createResponseFinder(options: FindResponseOptions): FindResponse {
  const { cache, generations, version, observer, timeout_ms, sharesWork } = options;
  const limit = new ConcurrencyLimit();
  const inFlight = new Map<string, SharedWork<ApiResponse>>();
  let latestGeneration: string | undefined;

  /**
   * Clears the memory when the data has changed: older responses are never requested again, and may name a user who has
   * since been forgotten.
   */
  function dropOlderThan(generation: string): void {
    if (latestGeneration !== undefined && latestGeneration !== generation) cache.clear();
    latestGeneration = generation;
  }

  function pending(name: string): SharedWork<ApiResponse> | undefined {
    const work = inFlight.get(name);
    return work?.isAbandoned ? undefined : work;
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
    inFlight.set(name, work);
    const remove = () => inFlight.get(name) === work && inFlight.delete(name);
    work.result.then(remove, remove);
    return work;
  }

  function hit(entry: Entry, { view }: Endpoint, isFromMemory: boolean): ApiResponse {
    observer.cacheHit(view);
    return { entry, mayBeCached: true, isFromMemory };
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
    const inMemory = cache.inMemory(name);
    if (inMemory) return hit(inMemory, endpoint, true);
    const stored = await cache.get(name);
    if (stored) return hit(stored, endpoint, false);
    const { client, signal } = waiter;
    if (!sharesWork) return start(request, coding, client, () => {}).join(signal);
    const computing = pending(name);
    if (computing) return computing.join(signal);

    // Other requests do not join one that waits for a slot: they would wait in this client's queue and share its
    // rejection.
    const entering = limit.enter(client, signal);
    const release = entering instanceof Promise ? await entering : entering;
    // Meanwhile another client may have computed the response, or started to.
    const computed = cache.inMemory(name);
    const work = pending(name);
    if (computed || work) release();
    if (computed) return hit(computed, endpoint, true);
    return (work ?? startShared(name, request, coding, client, release)).join(signal);
  };
}
