/** Responses as plain values: unlike a `Response`, they can be sent any number of times. */

export interface PlainResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer> | string | null;
}

/** JSON that is valid only at this moment, so nobody may cache it. */
export const uncachedJson = (status: number, value: unknown, headers: Record<string, string> = {}): PlainResponse => ({
  status,
  headers: { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers },
  body: JSON.stringify(value),
});

/** An error response: all have this shape, and none may be cached. */
export const errorResponse = (status: number, error: string, headers: Record<string, string> = {}): PlainResponse =>
  uncachedJson(status, { error }, headers);

export const textResponse = (body: string, headers: Record<string, string> = {}): PlainResponse => ({
  status: 200,
  headers: { "Content-Type": "text/plain; charset=utf-8", ...headers },
  body,
});

const utf8 = new TextEncoder();

/** For Workers: a body with a `Content-Encoding` is encoded already. Other runtimes ignore it. */
export const encoded = { encodeBody: "manual" };

/**
 * Converts to a `Response` with a `Content-Length`: HEAD needs the headers of GET, and counters and log read the size
 * from there.
 */
export function toResponse({ status, headers, body }: PlainResponse): Response {
  if (body === null) return new Response(null, { status, headers });
  const size_bytes = typeof body === "string" ? utf8.encode(body).length : body.length;
  return new Response(body, { ...encoded, status, headers: { ...headers, "Content-Length": String(size_bytes) } });
}

/** Whether `If-None-Match` contains this entity tag, or `*`. */
export function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}
