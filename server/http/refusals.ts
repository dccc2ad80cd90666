/** Rejects requests by method, URL length and Host header, before anything else is read. */
import type { MiddlewareHandler } from "hono";
import { errorResponse, type PlainResponse, toResponse } from "./response.ts";

/** The methods that every path supports. */
export const allow = { Allow: "GET, HEAD, OPTIONS" };
const methods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Maximum length of a URL, in characters. */
const maxUrlLength = 8192;

/** The error response if the method would write, the URL is too long or the host is ambiguous; else undefined. */
export function refusalOf(request: Request): PlainResponse | undefined {
  if (request.url.length > maxUrlLength)
    return errorResponse(414, `the address is longer than ${maxUrlLength} characters`);
  // Two Host headers arrive as one with a comma. Proxies may use either, so the host would be ambiguous.
  if (request.headers.get("Host")?.includes(",")) return errorResponse(400, "there must be one Host header");
  return methods.has(request.method) ? undefined : errorResponse(405, "this is read-only: GET, HEAD or OPTIONS", allow);
}

export const refuse: MiddlewareHandler = async (c, next) => {
  const refusal = refusalOf(c.req.raw);
  if (refusal) return toResponse(refusal);
  await next();
};
