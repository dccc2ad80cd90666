/** Requests that are refused before anything else is looked at. */
import type { MiddlewareHandler } from "hono";
import { errorResponse, type PlainResponse, toResponse } from "./response.ts";

/** The methods that every path has. */
export const allow = { Allow: "GET, HEAD, OPTIONS" };
const methods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Characters of the longest URL that is accepted. */
const maxUrlLength = 8192;

/** The refusal of a request that would write, whose URL is too long, or whose host is ambiguous; else undefined. */
export function refusalOf(request: Request): PlainResponse | undefined {
  if (request.url.length > maxUrlLength)
    return errorResponse(414, `the address is longer than ${maxUrlLength} characters`);
  // Two Host headers arrive as one with a comma. Proxies choose either of them, so nothing may depend on it.
  if (request.headers.get("Host")?.includes(",")) return errorResponse(400, "there must be one Host header");
  return methods.has(request.method) ? undefined : errorResponse(405, "this is read-only: GET, HEAD or OPTIONS", allow);
}

export const refuse: MiddlewareHandler = async (c, next) => {
  const refusal = refusalOf(c.req.raw);
  if (refusal) return toResponse(refusal);
  await next();
};
