/** The typed client: routes, parameters and answers are the server's own. */
import type { App } from "@potstats/server/app";
import { type ClientResponse, hc, type InferResponseType } from "hono/client";
import { t } from "./i18n/index.ts";
import { awaited, isReturning } from "./place.ts";

/** Answers kept for the way back. */
const most = 200;
/** By address, the latest last. */
const kept = new Map<string, unknown>();

/** What an address answered before, on the way back; bodies are never changed. */
export function recalled<Body>(address: string): Body | undefined {
  const body = isReturning() ? kept.get(address) : undefined;
  if (body !== undefined) keep(address, body);
  return body as Body | undefined;
}

function keep(address: string, body: unknown): void {
  kept.delete(address);
  kept.set(address, body);
  if (kept.size > most) kept.delete(kept.keys().next().value ?? "");
}

/**
 * Asks our API. On the way back the former answer is there before the next frame: a page is painted as it was, without a skeleton.
 * @throws TypeError when the server cannot be reached
 */
export async function ask(address: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
  const known = recalled<unknown>(String(address));
  if (known !== undefined) return { ok: true, status: 200, json: async () => known } as Response;
  const response = await awaited(fetch(address, init));
  const body: unknown = await awaited(response.json()).catch(() => null);
  if (response.ok && typeof body === "object" && body !== null) keep(String(address), body);
  return { ok: response.ok, status: response.status, json: async () => body } as Response;
}

export const api = hc<App>(document.baseURI, { fetch: ask }).api;

/** What the server said was wrong, or that it could not be reached. */
export class ApiError extends Error {
  override name = "ApiError";
}

/** What a successful answer holds. */
type Success<Response> = Response extends ClientResponse<infer Body, 200, "json"> ? Body : never;

/**
 * The answer of a request.
 * @throws ApiError with the server's own words
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
  if (!response.ok) throw new ApiError(isObject && "error" in body ? String(body.error) : `HTTP ${response.status}`);
  // A network's log-in page, or half of an answer.
  if (!isObject) throw new ApiError(t().garbled);
  return body as Success<Response>;
}

export type Status = InferResponseType<typeof api.status.$get, 200>;
export type PosterStats = InferResponseType<(typeof api)["poster-stats"]["$get"], 200>;
export type User = PosterStats["rows"][number]["User"];
export type SearchAnswer = InferResponseType<typeof api.search.$get, 200>;
export type Suggestion = InferResponseType<typeof api.search.suggest.$get, 200>["rows"][number];
