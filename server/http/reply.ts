/** What a request is answered with, before it becomes a `Response`: plain values are cheap to keep and to add to. */

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer> | string | null;
  /** All headers of a reply that is given again and again; `headers` are its own among them. */
  prepared?: Headers;
}

export const json = "application/json";

/** The one shape of every error; never kept by anybody. */
export const failure = (status: number, error: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "Content-Type": json, "Cache-Control": "no-store", ...headers },
  body: JSON.stringify({ error }),
});

/** Plain text. */
export const text = (body: string, headers: Record<string, string> = {}): Reply => ({
  status: 200,
  headers: { "Content-Type": "text/plain; charset=utf-8", ...headers },
  body,
});

/** Any value as JSON that tells about this moment. */
export const momentary = (status: number, value: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "Content-Type": json, "Cache-Control": "no-store", ...headers },
  body: JSON.stringify(value),
});

/** Whether `If-None-Match` names this entity, or any. */
export function matches(asked: string | null, etag: string): boolean {
  if (asked === null) return false;
  return asked.trim() === "*" || asked.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

const utf8 = new TextEncoder();

/** Bytes that go over the wire. */
export const sizeOf = ({ body }: Reply): number =>
  body === null ? 0 : typeof body === "string" ? utf8.encode(body).length : body.length;
