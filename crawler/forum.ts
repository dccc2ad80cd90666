/** The forum over HTTP: polite, patient, typed errors. What the bytes mean is for xml.ts and profiles.ts. */
import { readBody, TooLarge } from "./body.ts";
import { Politeness, sleep } from "./politeness.ts";
import { BrokenDocument, type ForumDocument, parseForumXml } from "./xml.ts";

/** The forum cannot be reached at all: nothing has worked in this run. Ends the crawl. */
export class ForumUnreachable extends Error {
  override name = "ForumUnreachable";
}

/** One document cannot be had, after all retries: a failure of that one thread, board or profile. */
export class Unreadable extends Error {
  override name = "Unreadable";
  constructor(
    message: string,
    /** The bytes, where there were any, to be kept for inspection. */
    readonly bytes: Uint8Array | null = null,
  ) {
    super(message);
  }
}

export interface Patience {
  /** Tries per document. */
  attempts: number;
  /** First wait between tries; doubles each time, with jitter. */
  base_ms: number;
  /** Longest wait between tries. */
  cap_ms: number;
  /** A request without an answer is given up after this. */
  timeout_ms: number;
  /** First wait while the forum is offline or down; doubles up to ten times as much. */
  pause_ms: number;
}

export const defaultPatience: Patience = {
  attempts: 6,
  base_ms: 1000,
  cap_ms: 60_000,
  timeout_ms: 60_000,
  pause_ms: 30_000,
};

/** What the requests of a run cost. */
export interface Traffic {
  num_api_requests: number;
  retries: number;
  rx_bytes: number;
  tx_bytes: number;
}

export interface ForumOptions {
  /** What stands before `/bb/…`. */
  forumUrl: string;
  /** What stands before `/<uid>`. */
  profilesUrl: string;
  delay_ms: number;
  concurrency: number;
  patience?: Partial<Patience>;
  /** Ends waiting at once and lets no request start; those under way come to their end. */
  signal: AbortSignal;
  /** Told about pauses. */
  note: (message: string) => void;
}

export interface Forum {
  readonly traffic: Traffic;
  boards(): Promise<ForumDocument>;
  board(bid: number, page: number): Promise<ForumDocument>;
  thread(tid: number, at: { page: number } | { pid: number }): Promise<ForumDocument>;
  /** The HTML page that holds the tags, raw. */
  threadHtml(tid: number): Promise<Uint8Array>;
  /** A profile page, raw. */
  profile(uid: number): Promise<Uint8Array>;
}

const userAgent = "pOTstats (forum statistics; polite)";

class Transient extends Error {
  constructor(
    message: string,
    readonly wait_ms: number | null = null,
    readonly bytes: Uint8Array | null = null,
    /** The forum answered, however badly: it is not down. */
    readonly answered = false,
  ) {
    super(message);
  }
}

/** Opens the forum; no request is made yet. */
export function openForum(options: ForumOptions): Forum {
  const patience = { ...defaultPatience, ...options.patience };
  const traffic: Traffic = { num_api_requests: 0, retries: 0, rx_bytes: 0, tx_bytes: 0 };
  const hosts = new Map<string, Politeness>();
  const { signal, note } = options;
  let lastSuccess = Number.NEGATIVE_INFINITY;

  function host(url: URL): Politeness {
    let politeness = hosts.get(url.host);
    if (!politeness) hosts.set(url.host, (politeness = new Politeness(options.delay_ms, options.concurrency)));
    return politeness;
  }

  /** One try: a place, a turn, a request, following redirects within the host. */
  async function request(address: string): Promise<Uint8Array> {
    let url = new URL(address);
    const politeness = host(url);
    await politeness.acquire();
    try {
      for (let hop = 0; hop < 5; hop++) {
        await politeness.turn(signal);
        traffic.num_api_requests++;
        traffic.tx_bytes += url.href.length + 120;
        const response = await fetch(url, {
          redirect: "manual",
          decompress: false,
          headers: { "user-agent": userAgent, "accept-encoding": "gzip" },
          signal: AbortSignal.timeout(patience.timeout_ms),
        } as RequestInit);
        const { bytes, received_bytes } = await readBody(response);
        traffic.rx_bytes += received_bytes;
        const { status } = response;
        if (status >= 300 && status < 400 && response.headers.has("location")) {
          const target = new URL(response.headers.get("location") ?? "", url);
          if (target.hostname !== url.hostname || !/^https?:$/.test(target.protocol))
            throw new Unreadable(`is redirected to another host, ${target.host}`);
          url = target;
          continue;
        }
        if (status === 408 || status === 425 || status === 429 || status >= 500)
          throw new Transient(`status ${status}`, retryAfter(response.headers.get("retry-after")));
        if (status !== 200) throw new Unreadable(`status ${status}`, bytes);
        return bytes;
      }
      throw new Unreadable("is redirected in circles");
    } finally {
      politeness.release();
    }
  }

  /** Tries until the document is there and readable. @throws Unreadable, ForumUnreachable, the signal's reason */
  async function get<T>(what: string, address: string, read: (bytes: Uint8Array) => T): Promise<T> {
    const begun = performance.now();
    let outage_ms = patience.pause_ms;
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        const bytes = await request(address);
        let document: T;
        try {
          document = read(bytes);
        } catch (error) {
          if (!(error instanceof BrokenDocument)) throw error;
          throw new Transient(error.message, null, bytes, true);
        }
        lastSuccess = performance.now();
        return document;
      } catch (error) {
        if (error instanceof Unreadable) throw new Unreadable(`${what}: ${error.message}`, error.bytes);
        if (signal.aborted && error === signal.reason) throw error;
        const problem = transient(error);
        traffic.retries++;
        if (problem.wait_ms !== null) host(new URL(address)).pause(problem.wait_ms);
        if (attempt >= patience.attempts) {
          if (problem.answered || lastSuccess > begun)
            throw new Unreadable(`${what}: ${problem.message}, ${attempt} times`, problem.bytes);
          if (lastSuccess === Number.NEGATIVE_INFINITY)
            throw new ForumUnreachable(`the forum at ${new URL(address).origin} does not answer: ${problem.message}`);
          note(`the forum does not answer (${problem.message}); waiting ${Math.ceil(outage_ms / 1000)} s`);
          await sleep(outage_ms, signal);
          outage_ms = Math.min(outage_ms * 2, patience.pause_ms * 10);
          continue;
        }
        if (problem.wait_ms === null) {
          const wait_ms = Math.min(patience.base_ms * 2 ** (attempt - 1), patience.cap_ms);
          await sleep(wait_ms * (0.5 + Math.random() / 2), signal);
        }
      }
    }
  }

  /** An XML document; while the forum says that it is offline, everything waits. */
  async function xml(what: string, path: string): Promise<ForumDocument> {
    let pause_ms = patience.pause_ms;
    while (true) {
      const document = await get(what, `${options.forumUrl}/bb/xml/${path}`, parseForumXml);
      if (document.kind !== "refusal" || document.root !== "forum-offline") return document;
      note(`the forum is offline; waiting ${Math.ceil(pause_ms / 1000)} s`);
      await sleep(pause_ms, signal);
      pause_ms = Math.min(pause_ms * 2, patience.pause_ms * 10);
    }
  }

  return {
    traffic,
    boards: () => xml("the list of boards", "boards.php"),
    board: (bid, page) => xml(`board ${bid}, page ${page}`, `board.php?BID=${bid}&page=${page}`),
    thread: (tid, at) =>
      "page" in at
        ? xml(`thread ${tid}, page ${at.page}`, `thread.php?TID=${tid}&page=${at.page}`)
        : xml(`thread ${tid}, page of post ${at.pid}`, `thread.php?TID=${tid}&PID=${at.pid}`),
    threadHtml: (tid) => get(`tags of thread ${tid}`, `${options.forumUrl}/bb/thread.php?TID=${tid}`, (bytes) => bytes),
    profile: (uid) => get(`profile ${uid}`, `${options.profilesUrl}/${uid}`, (bytes) => bytes),
  };
}

function transient(error: unknown): Transient {
  if (error instanceof Transient) return error;
  if (error instanceof TooLarge) return new Transient(error.message, null, null, true);
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  return new Transient(name === "TimeoutError" ? "no answer in time" : (code ?? message ?? String(error)));
}

/** Retry-After, in seconds or as a date → ms, an hour at most; null without a readable one. */
export function retryAfter(header: string | null, now_ms = Date.now()): number | null {
  if (!header) return null;
  const wait_ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now_ms;
  return Number.isNaN(wait_ms) ? null : Math.min(Math.max(wait_ms, 0), 3_600_000);
}
