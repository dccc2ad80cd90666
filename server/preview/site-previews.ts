/** Answers requests for documents with their previews, and for the pictures of previews. */
import { timeout, TimeoutStrategy } from "cockatiel";
import type { Cache } from "../cache/cache.ts";
import type { Generations } from "../cache/generations.ts";
import type { Client } from "../http/client.ts";
import { TooManyRequestsError, UnavailableError } from "../http/errors.ts";
import { errorResponse, type PlainResponse } from "../http/response.ts";
import { createRateLimit } from "../http/rate-limit.ts";
import type { Target } from "../http/target.ts";
import { conditionalResponse } from "../response/conditional.ts";
import { SharedWork, WorkInFlight } from "../response/shared-work.ts";
import type { ApiClient } from "./api-client.ts";
import { findPicture, pictured } from "./picture.ts";
import type { RenderPng } from "./png.ts";
import { type Address, addressOf, findPreview, generalPreview, type Preview } from "./preview.ts";

/** New pictures per second and client, and of all clients. */
const picturesPerSecond = 1;
const maxPicturesPerSecond = 3;
/** Pictures being made at a time. */
const maxPictures = 8;
/** Milliseconds before making a picture times out. */
const pictureTimeout_ms = 10_000;

/**
 * @param budget_ms how long a document waits for its preview: a slow database must not delay the page
 * @returns the preview of a page, or the general one if the database is slow or down, or knows nothing
 */
export async function previewOf({ path, search }: Target, api: ApiClient, budget_ms: number): Promise<Preview> {
  const address = addressOf(path, search);
  const general = generalPreview(address);
  const found = findPreview(api, address).catch(() => undefined);
  const budget = timeout(budget_ms, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
  const preview = await budget.execute(() => found).catch(() => undefined);
  return preview ?? general;
}

export interface PictureOptions {
  cache: Cache;
  generations: Generations;
  version: string;
  /** Undefined where pictures cannot be made; nor are they if search engines are not allowed. */
  renderPng: RenderPng | undefined;
}

/** @param signal aborts when nobody needs the API's responses any longer */
export type OpenApi = (signal: AbortSignal) => ApiClient;

export type SendPicture = (request: Request, target: Target, client: Client, open: OpenApi) => Promise<PlainResponse>;

/** Makes the pictures of previews, each once per data generation. */
export function createPictures({ cache, generations, version, renderPng }: PictureOptions): SendPicture {
  const limits = { own: createRateLimit(picturesPerSecond), all: createRateLimit(maxPicturesPerSecond) };
  const making = new WorkInFlight<Uint8Array<ArrayBuffer> | undefined>();
  let rendering = 0;
  const none = errorResponse(404, "there is no such picture");

  async function make(address: Address, api: ApiClient, render: RenderPng) {
    const svg = await findPicture(api, address);
    return svg === undefined ? undefined : render(svg);
  }

  /** Starts to make a picture, unless somebody is already waiting for it. */
  function start(key: string, address: Address, client: Client, open: OpenApi, render: RenderPng) {
    const pending = making.get(key);
    if (pending) return pending;
    if (limits.own.take(client) > 0) throw new TooManyRequestsError("too many new pictures: slow down, please");
    if (rendering >= maxPictures || limits.all.take({ key: "all" }) > 0)
      throw new UnavailableError("too many pictures are being made at the moment");
    rendering++;
    // It goes on when nobody waits any more.
    const isDone = () => void rendering--;
    const picture = new SharedWork((signal) => {
      const made = make(address, open(signal), render);
      made.then(isDone, isDone);
      return made;
    }, pictureTimeout_ms);
    making.add(key, picture);
    return picture;
  }

  return async (request, { path, search }, client, open) => {
    const address = pictured(path, search);
    if (!renderPng || !address) return none;
    const { language, uid = "", year = "", bid = "", page } = address;
    const generation = await generations.current();
    const key = `${version}:${generation}:preview:${JSON.stringify([page?.name, uid, year, bid, language])}`;
    let entry = await cache.get(key);
    if (!entry) {
      const body = await start(key, address, client, open, renderPng).join(request.signal);
      if (!body) return none;
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
      const etag = `"${Array.from(digest.subarray(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
      entry = { type: "image/png", coding: "identity", etag, body };
      if ((await generations.read()) === generation) cache.set(key, entry);
    }
    const response = conditionalResponse({ entry, mayBeCached: true }, request.headers.get("If-None-Match"));
    return { ...response, headers: { ...response.headers, "Cache-Control": "public, max-age=3600" } };
  };
}
