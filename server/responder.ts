/** Answers `/api` requests from the cache, or has them computed once for everybody who waits. */
import { type BackendStats, viewOf } from "./backend-stats.ts";
import type { Cache, Entry } from "./cache.ts";
import { encode, negotiate } from "./encoding.ts";
import type { Generations } from "./generations.ts";

export interface ResponderOptions {
  cache: Cache;
  generations: Generations;
  version: string;
  stats: BackendStats;
  /** Canonical form of a request's parameters; undefined when its answer is not to be cached. */
  normalise(url: URL): string | undefined;
  /** Computes an answer. */
  compute(request: Request): Promise<Response>;
}

const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes).subarray(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");

export function createResponder(options: ResponderOptions): (request: Request) => Promise<Response> {
  const { cache, generations, stats, compute } = options;
  const inFlight = new Map<string, Promise<Entry | Response>>();

  /** An entry, or the response itself when it is no success. */
  async function answer(request: Request, key: (generation: string) => string | undefined): Promise<Entry | Response> {
    const coding = negotiate(request.headers.get("Accept-Encoding"));
    const view = viewOf(new URL(request.url).pathname);
    let generation = key("") === undefined ? "" : await generations.current();
    for (let attempt = 1; ; attempt++) {
      const response = await compute(request);
      if (response.status !== 200) return response;
      const plain = new Uint8Array(await response.arrayBuffer());
      const name = key(generation);
      if (name !== undefined) {
        // Several queries may have seen two generations: ask again, once.
        const now = await generations.read();
        const moved = now !== generation;
        generation = now;
        if (moved && attempt === 1) continue;
      }
      const encoded = await encode(plain, coding);
      const entry: Entry = {
        type: response.headers.get("Content-Type") ?? "application/json",
        coding: encoded.coding,
        etag: `"${hex(await crypto.subtle.digest("SHA-256", plain))}-${encoded.coding}"`,
        disposition: response.headers.get("Content-Disposition") ?? undefined,
        body: encoded.bytes,
      };
      const current = key(generation);
      if (current !== undefined) {
        cache.set(`${current}:${coding}`, entry);
        stats.cacheMiss(view, plain.length, encoded.bytes.length);
      }
      return entry;
    }
  }

  return async (request) => {
    const url = new URL(request.url);
    const normalised = url.searchParams.has("nocache") ? undefined : options.normalise(url);
    const key = (generation: string) =>
      normalised === undefined ? undefined : `${options.version}:${generation}:${url.pathname}?${normalised}`;
    if (normalised === undefined) return send(request, await answer(request, key));

    const name = `${key(await generations.current())}:${negotiate(request.headers.get("Accept-Encoding"))}`;
    const kept = await cache.get(name);
    if (kept) {
      stats.cacheHit(viewOf(url.pathname));
      return send(request, kept);
    }
    let computing = inFlight.get(name);
    if (!computing) {
      computing = answer(request, key).finally(() => inFlight.delete(name));
      inFlight.set(name, computing);
    }
    const answered = await computing;
    return send(request, answered instanceof Response ? answered.clone() : answered);
  };
}

function send(request: Request, answered: Entry | Response): Response {
  if (answered instanceof Response) return answered;
  const headers = new Headers({
    "Content-Type": answered.type,
    "Cache-Control": "public, max-age=60",
    Vary: "Accept-Encoding",
    ETag: answered.etag,
  });
  if (answered.coding !== "identity") headers.set("Content-Encoding", answered.coding);
  if (answered.disposition) headers.set("Content-Disposition", answered.disposition);
  const asked = request.headers.get("If-None-Match");
  if (
    asked &&
    (asked.trim() === "*" || asked.split(",").some((etag) => etag.trim().replace(/^W\//, "") === answered.etag))
  ) {
    return new Response(null, { status: 304, headers });
  }
  headers.set("Content-Length", String(answered.body.length));
  return new Response(request.method === "HEAD" ? null : answered.body, { headers });
}
