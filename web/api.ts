/** The typed client: routes, parameters and answers are the server's own. */
import type { App } from "@potstats/server/app";
import { type ClientResponse, hc, type InferResponseType } from "hono/client";
import { t } from "./i18n/index.ts";

export const api = hc<App>("/").api;

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
