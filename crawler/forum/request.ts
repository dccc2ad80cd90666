/** One HTTP request: polite, counted, bounded in size and time. */
import { readBody } from "./body.ts";
import { Transient, Unreadable } from "./errors.ts";
import type { Politeness } from "./politeness.ts";

/** What the requests of a run cost. */
export interface Traffic {
  num_api_requests: number;
  retries: number;
  rx_bytes: number;
  tx_bytes: number;
}

const userAgent = "pOTstats (forum statistics; polite)";

/** Approximate size of a request besides its address. */
const requestHead_bytes = 120;

const maxRedirects = 4;

/** How long a request may go on once the operator wants to stop. */
const grace_ms = 5000;

export interface RequestOptions {
  politenessOf: (url: URL) => Politeness;
  traffic: Traffic;
  timeout_ms: number;
  /** Lets no request start; those in flight may end. */
  signal: AbortSignal;
}

/**
 * @returns a function that requests a document, following redirects within the host
 * @throws (the function) Unreadable, Transient, the signal's reason, and what the connection throws when it breaks
 */
export function createRequest({ politenessOf, traffic, timeout_ms, signal }: RequestOptions) {
  const stopping = new AbortController();
  signal.addEventListener("abort", () => setTimeout(() => stopping.abort(signal.reason), grace_ms).unref(), {
    once: true,
  });

  async function send(url: URL): Promise<Reply> {
    traffic.num_api_requests++;
    traffic.tx_bytes += url.href.length + requestHead_bytes;
    const response = await fetch(url, {
      redirect: "manual",
      decompress: false,
      headers: { "user-agent": userAgent, "accept-encoding": "gzip" },
      signal: AbortSignal.any([AbortSignal.timeout(timeout_ms), stopping.signal]),
    });
    const { bytes, received_bytes } = await readBody(response);
    traffic.rx_bytes += received_bytes;
    return { status: response.status, headers: response.headers, bytes, received_bytes };
  }

  return (address: string): Promise<Uint8Array> => {
    const politeness = politenessOf(new URL(address));
    return politeness.bulkhead.execute(async () => {
      let url = new URL(address);
      for (let redirects = 0; redirects <= maxRedirects; redirects++) {
        await politeness.turn(signal);
        const reply = await send(url);
        const location = reply.headers.get("location");
        if (reply.status < 300 || reply.status >= 400 || location === null) return bytesOf(reply, politeness);
        url = redirected(url, location);
      }
      throw new Unreadable("redirected in circles");
    });
  };
}

interface Reply {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  received_bytes: number;
}

/** @throws Transient for statuses that a retry may overcome, and for a body that is cut off; else Unreadable */
function bytesOf({ status, headers, bytes, received_bytes }: Reply, politeness: Politeness): Uint8Array {
  if (status === 429 || status === 503) {
    const wait_ms = retryAfter(headers.get("retry-after"));
    // While this request still holds its slot, so that no other starts in between.
    if (wait_ms !== null) politeness.pause(wait_ms);
    throw new Transient(`status ${status}`, { wait_ms, busy: true, hasStatus: true });
  }
  if (status === 408 || status === 425 || status >= 500) throw new Transient(`status ${status}`, { hasStatus: true });
  if (status !== 200) throw new Unreadable(`status ${status}`, bytes);
  const length = headers.get("content-length");
  if (length !== null && Number(length) !== received_bytes)
    throw new Transient("the answer is cut off", { bytes, answered: true });
  return bytes;
}

/**
 * The target of a redirect to the same origin, or from http to https on the same host. It takes the credentials of the
 * requested address and no others.
 * @throws Unreadable for any other target
 */
function redirected(from: URL, location: string): URL {
  const target = URL.canParse(location, from) ? new URL(location, from) : null;
  const isUpgrade =
    target?.protocol === "https:" &&
    from.protocol === "http:" &&
    target.hostname === from.hostname &&
    !from.port &&
    !target.port;
  if (!target || (target.origin !== from.origin && !isUpgrade))
    throw new Unreadable(`redirected to another host, ${target?.host || "which has no address"}`);
  target.username = from.username;
  target.password = from.password;
  return target;
}

/** Retry-After, in seconds or as a date → ms, an hour at most; null if missing or unreadable. */
export function retryAfter(header: string | null, now_ms = Date.now()): number | null {
  if (!header) return null;
  const wait_ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now_ms;
  return Number.isNaN(wait_ms) ? null : Math.min(Math.max(wait_ms, 0), 3_600_000);
}
