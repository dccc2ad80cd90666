/** Conditional requests (RFC 9110, section 13). */
import type { Entry } from "../cache/cache.ts";
import { matches, type PlainResponse } from "../http/response.ts";
import type { ApiResponse } from "./compute.ts";

/** 200, 304 if the client already has this response, or the route's error. */
export function conditionalResponse(response: ApiResponse, ifNoneMatch: string | null): PlainResponse {
  if ("error" in response) return response.error;
  const { entry, mayBeCached } = response;
  const headers = headersOf(entry, mayBeCached);
  return matches(ifNoneMatch, entry.etag)
    ? { status: 304, headers, body: null }
    : { status: 200, headers, body: entry.body };
}

const headersOf = ({ type, etag, coding, disposition }: Entry, mayBeCached: boolean) => ({
  "Content-Type": type,
  "Cache-Control": mayBeCached ? "public, max-age=60" : "no-store",
  Vary: "Accept-Encoding",
  ETag: etag,
  ...(coding === "identity" ? {} : { "Content-Encoding": coding }),
  ...(disposition === undefined ? {} : { "Content-Disposition": disposition }),
});
