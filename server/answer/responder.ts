/** Answers `/api` requests from the cache, or has them computed once for everybody who waits. */
import { LRUCache } from "lru-cache";
import type { BackendStats } from "../watch/backend-stats.ts";
import type { Cache, Entry } from "../cache/cache.ts";
import type { Client } from "../http/client.ts";
import { createConcurrencyLimit, type Release } from "../http/concurrency-limit.ts";
import { type Coding, encode, negotiate } from "../http/encoding.ts";
import { canonical, type Endpoint, given } from "./endpoints.ts";
import { Unavailable } from "../http/errors.ts";
import type { Generations } from "../cache/generations.ts";
import type { Metrics } from "../watch/metrics.ts";
import { matches, type Reply } from "../http/reply.ts";
import type { Target } from "../http/target.ts";

export interface ResponderOptions {
  cache: Cache;
  generations: Generations;
  /** Whatever makes this server's answers other than another's over the same data: part of every key. */
  version: string;
  stats: BackendStats;
  metrics: Metrics;
  /**
   * Computes an answer, and settles when nothing is done for it any more; one that says `no-store` is kept by nobody.
   * @param path with the query: an endpoint's own path, and its own parameters once each
   * @param client who asked first
   */
  compute(path: string, signal: AbortSignal, client: Client): Promise<Response>;
  /** Milliseconds after which a computation is given up. */
  timeout_ms: number;
  /** All headers of a reply that has these of its own. */
  prepare(own: Record<string, string>): Headers;
}

export interface Responder {
  /** The reply, if it lies in this server's memory. */
  atOnce(request: Request, endpoint: Endpoint, target: Target): Reply | undefined;
  /** The reply, computed where it is not kept: for as many requests of a client at a time as the limit allows. */
  reply(request: Request, endpoint: Endpoint, target: Target, client: Client): Promise<Reply>;
}

/** What a target means: what is to be computed, its endpoint's counters, and its place in the cache. */
interface Meaning {
  path: string;
  /** The parameters, read once: the key and the computation cannot take them differently. */
  asked: ReadonlyMap<string, string>;
  view: string;
  /** Undefined when the answer is not kept. */
  key: string | undefined;
  /** Asked for with `nocache`: nobody else keeps it either. */
  isFresh: boolean;
}

interface Computing {
  answered: Promise<Entry | Reply>;
  waiting: number;
  abort: AbortController;
}

/** Targets whose meaning is remembered, and the longest of them. */
const mostTargets = 5000;
const longestTarget = 500;
/** How often an answer is computed again when the data changed meanwhile, until it is given without being kept. */
const attempts = 3;

const isReply = (answered: Entry | Reply): answered is Reply => "status" in answered;

const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes).subarray(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");

export function createResponder(options: ResponderOptions): Responder {
  const { cache, generations, stats, metrics, version } = options;
  const limit = createConcurrencyLimit();
  const inFlight = new Map<string, Computing>();
  const meanings = new LRUCache<string, Meaning>({ max: mostTargets });
  const known = new WeakMap<Entry, Replies>();
  const unkept = new WeakSet<Entry>();

  const choose = (request: Request, entry: Entry, replies: Replies): Reply =>
    matches(request.headers.get("If-None-Match"), entry.etag) ? replies.notModified : replies.whole;

  /** The reply to those who waited for an answer. What may never be asked for again is not worth prepared headers. */
  const send = (request: Request, entry: Entry): Reply => choose(request, entry, repliesOf(entry, !unkept.has(entry)));

  function meaningOf(endpoint: Endpoint, { path, search }: Target): Meaning {
    const remembered = meanings.get(path + search);
    if (remembered) return remembered;
    const query = new URLSearchParams(search);
    const asked = given(endpoint, query);
    const isFresh = query.has("nocache");
    const key = endpoint.isCached && !isFresh ? canonical(endpoint, asked) : undefined;
    const meaning = {
      path,
      asked,
      view: endpoint.view,
      key: key === undefined ? undefined : `${path}?${key}`,
      isFresh,
    };
    if (path.length + search.length <= longestTarget) meanings.set(path + search, meaning);
    return meaning;
  }

  let served: string | undefined;
  /** What memory holds of an older generation is asked for by nobody, and may tell of somebody who is forgotten since. */
  const leaveOlder = (generation: string) => {
    if (served !== undefined && served !== generation) cache.clear();
    served = generation;
    return generation;
  };

  const keyOf = (generation: string, key: string, coding: Coding) => `${version}:${generation}:${key}:${coding}`;

  function hit(request: Request, view: string, kept: Entry): Reply {
    stats.cacheHit(view);
    metrics.cacheHit();
    let replies = known.get(kept);
    if (!replies) known.set(kept, (replies = prepared(repliesOf(kept, true), options.prepare)));
    return choose(request, kept, replies);
  }

  /** An entry, or the reply itself when it is no success. */
  async function compute(
    meaning: Meaning,
    coding: Coding,
    client: Client,
    signal: AbortSignal,
  ): Promise<Entry | Reply> {
    const { path, asked, view, key, isFresh } = meaning;
    const query = new URLSearchParams([...asked]);
    for (let attempt = 1; ; attempt++) {
      const before = key === undefined ? "" : await generations.current();
      signal.throwIfAborted();
      const response = await options.compute(`${path}?${query}`, signal, client);
      const plain = new Uint8Array(await response.arrayBuffer());
      if (response.status !== 200) {
        return { status: response.status, headers: Object.fromEntries(response.headers), body: plain };
      }
      // Several queries, or one that began early, may have seen other data than the generation says.
      const isOfOne = key === undefined || (await generations.read()) === before;
      if (!isOfOne && attempt < attempts) continue;
      const [encoded, digest] = await Promise.all([encode(plain, coding), crypto.subtle.digest("SHA-256", plain)]);
      const entry: Entry = {
        type: response.headers.get("Content-Type") ?? "application/json",
        coding: encoded.coding,
        etag: `"${hex(digest)}-${encoded.coding}"`,
        disposition: response.headers.get("Content-Disposition") ?? undefined,
        body: encoded.bytes,
      };
      const mayBeKept = !isFresh && response.headers.get("Cache-Control") !== "no-store";
      if (!mayBeKept) unkept.add(entry);
      else if (key !== undefined && isOfOne) {
        cache.set(keyOf(before, key, coding), entry);
        stats.cacheMiss(view, plain.length, encoded.bytes.length);
        metrics.cacheMiss();
      }
      return entry;
    }
  }

  /**
   * Computes, with an end: after the time-out, or when nobody waits any more.
   * @param release called when the work is over: queries may still run when there is nobody left to answer
   */
  function begin(meaning: Meaning, coding: Coding, client: Client, release: Release): Computing {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Unavailable("the answer took too long")), options.timeout_ms);
    const aborted = new Promise<never>((_, reject) => {
      abort.signal.addEventListener("abort", () => reject(abort.signal.reason), { once: true });
    });
    const work = compute(meaning, coding, client, abort.signal);
    work.then(release, release);
    // It fails unheard where the work wins the race.
    aborted.catch(() => {});
    return { answered: Promise.race([work, aborted]).finally(() => clearTimeout(timer)), waiting: 0, abort };
  }

  /** The computation that others may join. */
  function pending(name: string): Computing | undefined {
    const computing = inFlight.get(name);
    return computing?.abort.signal.aborted ? undefined : computing;
  }

  function beginShared(name: string, meaning: Meaning, coding: Coding, client: Client, release: Release): Computing {
    const begun = begin(meaning, coding, client, release);
    inFlight.set(name, begun);
    const forget = () => inFlight.get(name) === begun && inFlight.delete(name);
    begun.answered.then(forget, forget);
    return begun;
  }

  /** Waits with the others; the last one to leave ends the work. */
  async function join(computing: Computing, signal: AbortSignal): Promise<Entry | Reply> {
    computing.waiting++;
    const leave = () => {
      if (--computing.waiting === 0) computing.abort.abort(new DOMException("nobody waits", "AbortError"));
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    try {
      return await computing.answered;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  return {
    atOnce(request, endpoint, target) {
      const generation = generations.fresh();
      if (generation === undefined) return undefined;
      const { view, key } = meaningOf(endpoint, target);
      if (key === undefined) return undefined;
      const kept = cache.near(keyOf(generation, key, negotiate(request.headers.get("Accept-Encoding"))));
      return kept && hit(request, view, kept);
    },

    async reply(request, endpoint, target, client) {
      const { signal } = request;
      const meaning = meaningOf(endpoint, target);
      const coding = negotiate(request.headers.get("Accept-Encoding"));
      if (meaning.key === undefined) {
        const answered = await join(begin(meaning, coding, client, await limit.enter(client, signal)), signal);
        return isReply(answered) ? answered : send(request, answered);
      }
      const name = keyOf(leaveOlder(await generations.current()), meaning.key, coding);
      const kept = await cache.get(name);
      if (kept) return hit(request, meaning.view, kept);
      let computing = pending(name);
      if (!computing) {
        // Whoever waits for a slot is joined by nobody: others do not wait in this client's queue, nor share its refusal.
        const entered = limit.enter(client, signal);
        const release = entered instanceof Promise ? await entered : entered;
        // Meanwhile another client may have computed it, or begun to.
        const near = cache.near(name);
        computing = pending(name);
        if (near || computing) release();
        if (near) return hit(request, meaning.view, near);
        computing ??= beginShared(name, meaning, coding, client, release);
      }
      const answered = await join(computing, signal);
      return isReply(answered) ? answered : send(request, answered);
    },
  };
}

/** An entry's two replies, made once. */
interface Replies {
  whole: Reply;
  notModified: Reply;
}

function repliesOf(entry: Entry, mayBeKept: boolean): Replies {
  const headers = {
    "Content-Type": entry.type,
    "Cache-Control": mayBeKept ? "public, max-age=60" : "no-store",
    Vary: "Accept-Encoding",
    ETag: entry.etag,
    ...(entry.coding === "identity" ? {} : { "Content-Encoding": entry.coding }),
    ...(entry.disposition === undefined ? {} : { "Content-Disposition": entry.disposition }),
  };
  const whole = { ...headers, "Content-Length": String(entry.body.length) };
  return {
    whole: { status: 200, headers: whole, body: entry.body },
    notModified: { status: 304, headers, body: null },
  };
}

/** The same with all headers made, for answers that are given again and again. */
const prepared = ({ whole, notModified }: Replies, prepare: (own: Record<string, string>) => Headers): Replies => ({
  whole: { ...whole, prepared: prepare(whole.headers ?? {}) },
  notModified: { ...notModified, prepared: prepare(notModified.headers ?? {}) },
});
