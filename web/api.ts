/** The typed client: routes, parameters and responses have the server's own types. */
import type { App } from "@potstats/server/app";
import { type ClientResponse, hc, type InferResponseType } from "hono/client";
import { t } from "./i18n/index.ts";
import { trackRequest, isReturning } from "./scroll-restoration.ts";

/** Maximum number of responses kept for going back. */
const maxKept = 200;
/** Bodies by URL, latest last. Bodies are never changed. */
const kept = new Map<string, unknown>();

/** While the reader goes back, the kept body of a URL; undefined otherwise. */
export function recalled<Body>(url: string): Body | undefined {
  const body = isReturning() ? kept.get(url) : undefined;
  if (body !== undefined) keep(url, body);
  return body as Body | undefined;
}

function keep(url: string, body: unknown): void {
  kept.delete(url);
  kept.set(url, body);
  if (kept.size > maxKept) kept.delete(kept.keys().next().value ?? "");
}

declare global {
  interface Window {
    /** Responses by URL, with sorted parameters. document/first-paint.js requests them before this code has arrived. */
    firstResponses?: Map<string, Promise<Response>>;
  }
}

/** Milliseconds from the first use of the document's responses until they count as outdated. */
const maxAge_ms = 30_000;
let firstUse_ms = Infinity;
const firstUrl = location.href;

/** The response that the document has already requested, if any: several parts of the first page may need it. */
function firstResponse(url: string): Promise<Response> | undefined {
  const responses = window.firstResponses;
  if (!responses) return undefined;
  firstUse_ms = Math.min(firstUse_ms, performance.now());
  if (location.href !== firstUrl || performance.now() > firstUse_ms + maxAge_ms) responses.clear();
  const { href, searchParams } = new URL(url);
  searchParams.sort();
  const key = searchParams.size > 0 ? `${href.split("?")[0]}?${searchParams}` : href;
  return responses.get(key)?.then(
    (response) => {
      if (!response.ok) responses.delete(key);
      return response.clone();
    },
    (error: unknown) => {
      responses.delete(key);
      throw error;
    },
  );
}

/**
 * Fetches JSON and keeps it. While the reader goes back, the kept body is available before the next frame, so that the
 * page is painted as it was, without a skeleton.
 * @throws TypeError when the server cannot be reached
 */
export async function fetchKept(url: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
  const former = recalled<unknown>(String(url));
  if (former !== undefined) return { ok: true, status: 200, json: async () => former } as Response;
  const response = await trackRequest(firstResponse(String(url)) ?? fetch(url, init));
  const body: unknown = await trackRequest(response.json()).catch(() => null);
  // Another attempt has to ask again.
  if (body === null) window.firstResponses?.clear();
  if (response.ok && typeof body === "object" && body !== null) keep(String(url), body);
  return { ok: response.ok, status: response.status, json: async () => body } as Response;
}

export const api = hc<App>(document.baseURI, { fetch: fetchKept }).api;

/** A failed request, with a message in the reader's language. */
export class ApiError extends Error {
  override name = "ApiError";
  /**
   * @param status of the response; 0 without one, or if it was no JSON
   * @param detail the server's own message, in English, where it says what to change
   */
  constructor(
    message: string,
    readonly status = 0,
    readonly detail?: string,
  ) {
    super(message);
  }
}

/** What to tell the reader about a response with this status. */
function failureOf(status: number): string {
  const { failures } = t();
  if (status === 400 || status === 404 || status === 429 || status === 503) return failures[status];
  return failures.other(status);
}

/** The body of a successful response. */
type Success<Response> = Response extends ClientResponse<infer Body, 200, "json"> ? Body : never;

/**
 * Returns the body of a successful response.
 * @throws ApiError
 */
export async function answer<Response extends ClientResponse<unknown, number, "json">>(
  request: Promise<Response>,
): Promise<Success<Response>> {
  let response: Response;
  try {
    response = await request;
  } catch {
    throw new ApiError(t().offline);
  }
  const body: unknown = await response.json().catch(() => null);
  const isObject = typeof body === "object" && body !== null;
  if (!response.ok) {
    const detail = response.status === 400 && isObject && "error" in body ? String(body.error) : undefined;
    throw new ApiError(failureOf(response.status), response.status, detail);
  }
  // The login page of a network, or a truncated response.
  if (!isObject) throw new ApiError(t().garbled);
  return body as Success<Response>;
}

export type Status = InferResponseType<typeof api.status.$get, 200>;
export type PosterStats = InferResponseType<(typeof api)["poster-stats"]["$get"], 200>;
export type PosterDevelopment = InferResponseType<(typeof api)["poster-development"]["$get"], 200>;
export type UserStats = InferResponseType<(typeof api)["user-stats"]["$get"], 200>;
export type DayStats = InferResponseType<(typeof api)["day-stats"]["$get"], 200>;
export type Overview = InferResponseType<typeof api.overview.$get, 200>;
export type Network = InferResponseType<typeof api.network.$get, 200>;
export type User = PosterStats["rows"][number]["User"];
export type Threads = InferResponseType<typeof api.threads.$get, 200>;
export type ThreadStats = InferResponseType<typeof api.thread.$get, 200>;
export type ThreadReplies = InferResponseType<(typeof api)["thread-replies"]["$get"], 200>;
export type Thread = ThreadStats["thread"];
export type Post = NonNullable<ThreadStats["first"]>;
export type Streaks = InferResponseType<(typeof api)["user-streaks"]["$get"], 200>;
export type Records = InferResponseType<typeof api.records.$get, 200>;
export type OnThisDay = InferResponseType<(typeof api)["on-this-day"]["$get"], 200>;
export type Recap = InferResponseType<typeof api.recap.$get, 200>;
export type News = InferResponseType<typeof api.news.$get, 200>;
export type Pair = InferResponseType<typeof api.pair.$get, 200>;
export type Cohorts = InferResponseType<typeof api.cohorts.$get, 200>;
export type Trends = InferResponseType<typeof api.trends.$get, 200>;
export type SearchAnswer = InferResponseType<typeof api.search.$get, 200>;
export type Suggestion = InferResponseType<typeof api.search.suggest.$get, 200>["rows"][number];
export type SearchCompletion = InferResponseType<typeof api.search.complete.$get, 200>;
