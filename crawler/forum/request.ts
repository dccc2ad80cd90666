/** One HTTP request: rate-limited, counted, bounded in size and time. */
import { readBody } from "./body.ts";
import { TransientError, UnreadableError } from "./errors.ts";
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

/** How long a request in flight may continue after the operator stops the crawl. */
const grace_ms = 5000;

export interface RequestOptions {
  politenessOf: (url: URL) => Politeness;
  traffic: Traffic;
  timeout_ms: number;
  /** When aborted, no request starts; requests in flight may finish. */
  signal: AbortSignal;
}

/**
 * @returns a function that requests a document, following redirects within the host
 * The returned function throws UnreadableError, TransientError, the signal's reason, and connection errors.
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
      throw new UnreadableError("redirected in circles");
    });
  };
}

interface Reply {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  received_bytes: number;
}

/** @throws TransientError for statuses worth a retry and for a truncated body; UnreadableError for all others */
function bytesOf({ status, headers, bytes, received_bytes }: Reply, politeness: Politeness): Uint8Array {
  if (status === 429 || status === 503) {
    const wait_ms = retryAfter(headers.get("retry-after"));
    // Pauses while this request still holds its slot, so that no other starts in between.
    if (wait_ms !== null) politeness.pause(wait_ms);
    throw new TransientError(`status ${status}`, { wait_ms, busy: true, hasStatus: true });
  }
  if (status === 408 || status === 425 || status >= 500)
    throw new TransientError(`status ${status}`, { hasStatus: true });
  if (status !== 200) throw new UnreadableError(`status ${status}`, bytes);
  const length = headers.get("content-length");
  if (length !== null && Number(length) !== received_bytes)
    throw new TransientError("the response is truncated", { bytes, answered: true });
  return bytes;
}

/**
 * The target of a redirect to the same origin, or from http to https on the same host. It keeps the credentials of the
 * requested address; those in the redirect are ignored.
 * @throws UnreadableError for any other target
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
    throw new UnreadableError(`redirected to another host, ${target?.host || "which has no address"}`);
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
