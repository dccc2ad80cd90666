/** Answers of the API: from the cache, or computed once for all requests that wait for the same one. */
import type { Entry } from "../cache/cache.ts";
import { ConcurrencyLimit } from "../http/concurrency-limit.ts";
import type { Client } from "../http/client.ts";
import type { Coding } from "../http/encoding.ts";
import { type ApiRequest, cacheKey } from "./api-request.ts";
import { type Answer, compute, type ComputeOptions } from "./compute.ts";
import type { Endpoint } from "./endpoints.ts";
import { SharedWork } from "./shared-work.ts";

export interface FindResponseOptions extends ComputeOptions {
  /** Milliseconds after which a computation is given up. */
  timeout_ms: number;
}

/** Who waits for an answer. Both are read only when something is computed: on Bun they cost more than a cache lookup. */
export interface Waiter {
  readonly client: Client;
  /** Aborts when the client does not wait any more. */
  readonly signal: AbortSignal;
}

/** Finds or computes the answer to a request. */
export type FindResponse = (request: ApiRequest, coding: Coding, waiter: Waiter) => Promise<Answer>;

export function createResponseFinder(options: FindResponseOptions): FindResponse {
  const { cache, generations, version, observer, timeout_ms } = options;
  const limit = new ConcurrencyLimit();
  const inFlight = new Map<string, SharedWork<Answer>>();
  let latestGeneration: string | undefined;

  /** Clears the memory when the data has changed: nobody asks for older answers, and they may name somebody who is forgotten since. */
  function dropOlderThan(generation: string): void {
    if (latestGeneration !== undefined && latestGeneration !== generation) cache.clear();
    latestGeneration = generation;
  }

  function pending(name: string): SharedWork<Answer> | undefined {
    const work = inFlight.get(name);
    return work?.isAbandoned ? undefined : work;
  }

  /** @param release called when the work has really ended: queries may still run when there is nobody left to answer */
  function start(request: ApiRequest, coding: Coding, client: Client, release: () => void): SharedWork<Answer> {
    return new SharedWork((signal) => compute(options, request, coding, client, signal).finally(release), timeout_ms);
  }

  function startShared(name: string, ...args: Parameters<typeof start>): SharedWork<Answer> {
    const work = start(...args);
    inFlight.set(name, work);
    const remove = () => inFlight.get(name) === work && inFlight.delete(name);
    work.result.then(remove, remove);
    return work;
  }

  function hit(entry: Entry, { view }: Endpoint, isFromMemory: boolean): Answer {
    observer.cacheHit(view);
    return { entry, mayBeCached: true, isFromMemory };
  }

  return async (request, coding, waiter) => {
    const { key, endpoint } = request;
    if (key === undefined) {
      const { client, signal } = waiter;
      return start(request, coding, client, await limit.enter(client, signal)).join(signal);
    }
    const generation = await generations.current();
    dropOlderThan(generation);
    const name = cacheKey(version, generation, key, coding);
    const inMemory = cache.inMemory(name);
    if (inMemory) return hit(inMemory, endpoint, true);
    const stored = await cache.get(name);
    if (stored) return hit(stored, endpoint, false);
    const { client, signal } = waiter;
    const computing = pending(name);
    if (computing) return computing.join(signal);

    // A request that waits for a slot is not joined: others must not wait in this client's queue, nor share its refusal.
    const entering = limit.enter(client, signal);
    const release = entering instanceof Promise ? await entering : entering;
    // Meanwhile another client may have computed the answer, or started to.
    const computed = cache.inMemory(name);
    const work = pending(name);
    if (computed || work) release();
    if (computed) return hit(computed, endpoint, true);
    return (work ?? startShared(name, request, coding, client, release)).join(signal);
  };
}
