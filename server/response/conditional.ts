/** The reply with an answer. */
import type { Entry } from "../cache/cache.ts";
import { matches, type PlainResponse } from "../http/response.ts";
import type { Answer } from "./compute.ts";

/** 200, 304 if the client has this answer already, or the route's error. */
export function conditionalResponse(answer: Answer, ifNoneMatch: string | null): PlainResponse {
  if ("error" in answer) return answer.error;
  const { entry, mayBeCached } = answer;
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
