/** The forum over HTTP: polite, patient, typed errors. What the bytes mean is for xml.ts and profiles.ts. */
import { readBody, TooLarge } from "./body.ts";
import { Politeness, sleep } from "./politeness.ts";
import { decodeHtml, parseProfile, parseTags, type ProfileAnswer } from "./profiles.ts";
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
  /** Read from the thread's HTML page. */
  tags(tid: number): Promise<string[]>;
  /** A profile page, raw and read. */
  profile(uid: number): Promise<{ html: string; answer: ProfileAnswer }>;
}

const userAgent = "pOTstats (forum statistics; polite)";

/** About how much a request weighs besides its address. */
const requestHead_bytes = 120;

/** What another try may mend. */
class Transient extends Error {
  readonly wait_ms: number | null;
  readonly bytes: Uint8Array | null;
  /** The forum answered, however badly: it is not down. */
  readonly answered: boolean;
  /** The forum asks everybody to wait, not only this request. */
  readonly busy: boolean;
  constructor(
    message: string,
    about: { wait_ms?: number | null; bytes?: Uint8Array; answered?: boolean; busy?: boolean } = {},
  ) {
    super(message);
    this.wait_ms = about.wait_ms ?? null;
    this.bytes = about.bytes ?? null;
    this.answered = about.answered ?? false;
    this.busy = about.busy ?? false;
  }
}

/** Opens the forum; no request is made yet. */
export function openForum(options: ForumOptions): Forum {
  const patience = { ...defaultPatience, ...options.patience };
  const traffic: Traffic = { num_api_requests: 0, retries: 0, rx_bytes: 0, tx_bytes: 0 };
  const hosts = new Map<string, Politeness>();
  const { signal, note } = options;

  function host(url: URL): Politeness {
    let politeness = hosts.get(url.host);
    if (!politeness) hosts.set(url.host, (politeness = new Politeness(options.delay_ms, options.concurrency)));
    return politeness;
  }

  /** One try: a place, a turn, a request, following redirects within the host. */
  async function request(address: string): Promise<Uint8Array> {
    let url = new URL(address);
    const politeness = host(url);
    await politeness.places.take();
    try {
      for (let hop = 0; hop < 5; hop++) {
        await politeness.turn(signal);
        traffic.num_api_requests++;
        traffic.tx_bytes += url.href.length + requestHead_bytes;
        const response = await fetch(url, {
          redirect: "manual",
          decompress: false,
          headers: { "user-agent": userAgent, "accept-encoding": "gzip" },
          signal: AbortSignal.timeout(patience.timeout_ms),
        });
        const { bytes, received_bytes } = await readBody(response);
        traffic.rx_bytes += received_bytes;
        const { status, headers } = response;
        if (status >= 300 && status < 400 && headers.has("location")) {
          url = redirected(url, headers.get("location") ?? "");
          continue;
        }
        if (status === 429 || status === 503) {
          const wait_ms = retryAfter(headers.get("retry-after"));
          // Before the place is free: nobody may slip through.
          if (wait_ms !== null) politeness.pause(wait_ms);
          throw new Transient(`status ${status}`, { wait_ms, busy: true });
        }
        if (status === 408 || status === 425 || status >= 500) throw new Transient(`status ${status}`);
        if (status !== 200) throw new Unreadable(`status ${status}`, bytes);
        const promised = headers.get("content-length");
        if (promised !== null && Number(promised) !== received_bytes)
          throw new Transient("the answer is cut off", { bytes, answered: true });
        return bytes;
      }
      throw new Unreadable("is redirected in circles");
    } finally {
      politeness.places.leave();
    }
  }

  /** Requests, and reads what came. */
  async function attempt<T>(address: string, read: (bytes: Uint8Array) => T): Promise<T> {
    const bytes = await request(address);
    try {
      return read(bytes);
    } catch (error) {
      if (error instanceof BrokenDocument) throw new Transient(error.message, { bytes, answered: true });
      throw error;
    }
  }

  /** Tries until the document is there and readable. @throws Unreadable, ForumUnreachable, the signal's reason */
  async function get<T>(what: string, address: string, read: (bytes: Uint8Array) => T): Promise<T> {
    const politeness = host(new URL(address));
    let begun_ms = performance.now();
    for (let tries = 1; ; tries++) {
      while (politeness.outage) await politeness.outage;
      signal.throwIfAborted();
      try {
        const document = await attempt(address, read);
        politeness.last_success_ms = performance.now();
        return document;
      } catch (error) {
        if (error instanceof Unreadable) throw new Unreadable(`${what}: ${error.message}`, error.bytes);
        if (signal.aborted && error === signal.reason) throw error;
        const problem = transient(error);
        traffic.retries++;
        if (tries >= patience.attempts) {
          const failed = new Unreadable(`${what}: ${problem.message}, tried ${tries} times`, problem.bytes);
          if (problem.answered || politeness.last_success_ms > begun_ms) throw failed;
          if (politeness.last_success_ms === Number.NEGATIVE_INFINITY)
            throw new ForumUnreachable(`${new URL(address).origin} does not answer: ${problem.message}`);
          politeness.outage ??= waitOut(new URL(address), problem.message).finally(() => {
            politeness.outage = null;
          });
          if (!(await politeness.outage)) throw failed;
          politeness.last_success_ms = begun_ms = performance.now();
          tries = 0;
          continue;
        }
        const wait_ms = problem.wait_ms ?? backOff(tries);
        if (wait_ms > 10_000) note(`${what}: ${problem.message}; waiting ${Math.ceil(wait_ms / 1000)} s`);
        if (problem.busy) politeness.pause(wait_ms);
        else await sleep(wait_ms, signal);
      }
    }
  }

  const backOff = (tries: number) =>
    Math.min(patience.base_ms * 2 ** (tries - 1), patience.cap_ms) * (0.5 + Math.random() / 2);

  /**
   * The circuit breaker: while the host is down it is asked nothing but, now and then, whether it is back.
   * @returns whether it was down at all
   */
  async function waitOut(url: URL, reason: string): Promise<boolean> {
    const probe = url.href.startsWith(`${options.forumUrl}/bb/`)
      ? `${options.forumUrl}/bb/xml/boards.php`
      : `${options.profilesUrl}/1`;
    for (let pause_ms = 0; ; pause_ms = Math.min(pause_ms * 2 || patience.pause_ms, patience.pause_ms * 10)) {
      if (pause_ms > 0) {
        note(`${url.host} does not answer (${reason}); waiting ${Math.ceil(pause_ms / 1000)} s`);
        await sleep(pause_ms, signal);
      }
      try {
        await request(probe);
      } catch (error) {
        if (signal.aborted && error === signal.reason) throw error;
        if (!(error instanceof Unreadable)) continue;
      }
      if (pause_ms > 0) note(`${url.host} answers again`);
      return pause_ms > 0;
    }
  }

  /** An XML document; while the forum says that it is offline, everything waits. */
  async function xml(what: string, path: string): Promise<ForumDocument> {
    for (let pause_ms = patience.pause_ms; ; pause_ms = Math.min(pause_ms * 2, patience.pause_ms * 10)) {
      const document = await get(what, `${options.forumUrl}/bb/xml/${path}`, parseForumXml);
      if (document.kind !== "refusal" || document.root !== "forum-offline") return document;
      note(`the forum is offline; waiting ${Math.ceil(pause_ms / 1000)} s`);
      host(new URL(options.forumUrl)).pause(pause_ms);
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
    tags: (tid) =>
      get(`tags of thread ${tid}`, `${options.forumUrl}/bb/thread.php?TID=${tid}`, (bytes) =>
        parseTags(decodeHtml(bytes), tid),
      ),
    profile: (uid) =>
      get(`profile ${uid}`, `${options.profilesUrl}/${uid}`, (bytes) => {
        const html = decodeHtml(bytes);
        return { html, answer: parseProfile(html, uid) };
      }),
  };
}

/** @throws Unreadable when the redirect leads away from the host, where nobody asked us to go */
function redirected(from: URL, location: string): URL {
  const target = URL.canParse(location, from) ? new URL(location, from) : null;
  if (!target || target.hostname !== from.hostname || !/^https?:$/.test(target.protocol))
    throw new Unreadable(`is redirected to another host, ${target?.host ?? "which has no address"}`);
  return target;
}

function transient(error: unknown): Transient {
  if (error instanceof Transient) return error;
  if (error instanceof TooLarge) return new Transient(error.message, { answered: true });
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  return new Transient(name === "TimeoutError" ? "no answer in time" : (code ?? message ?? String(error)));
}

/** Retry-After, in seconds or as a date → ms, an hour at most; null without a readable one. */
export function retryAfter(header: string | null, now_ms = Date.now()): number | null {
  if (!header) return null;
  const wait_ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now_ms;
  return Number.isNaN(wait_ms) ? null : Math.min(Math.max(wait_ms, 0), 3_600_000);
}
