/** The forum over HTTP: polite, patient, typed errors. What the bytes mean is for xml.ts and profiles.ts. */
import { aboutBoard, aboutBoards, aboutThread, offline, rootOf } from "./answers.ts";
import { isCutOff, isSame, readBody } from "./body.ts";
import { ForumUnreachable, type Part, Transient, transient, Unexpected, Unreadable } from "./errors.ts";
import { Politeness, sleep } from "./politeness.ts";
import { decodeHtml, parseProfile, parseTags, type ProfileAnswer } from "../read/profile-page.ts";
import { createRefusals, type Question } from "./refusals.ts";
import {
  type BoardDocument,
  type BoardsDocument,
  BrokenDocument,
  type ForumDocument,
  parseForumXml,
  type Refusal,
  type ThreadDocument,
} from "../read/xml.ts";

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
  /** Another thread, that could be read before; null where there is none. */
  knownThread?: (tid: number) => Promise<number | null>;
}

export interface Forum {
  readonly traffic: Traffic;
  /** Whether the forum has answered with any document of its own so far. */
  readonly hasAnswered: boolean;
  boards(): Promise<BoardsDocument>;
  /** A page of a board's listing; refused with `no-access` or `invalid-board`. */
  board(bid: number, page: number): Promise<BoardDocument | Refusal>;
  /** A page of a thread; refused with `no-access`, `invalid-thread` or `thread-hidden`. */
  thread(tid: number, at: { page: number } | { pid: number }): Promise<ThreadDocument | Refusal>;
  /** Read from the thread's HTML page. */
  tags(tid: number): Promise<string[]>;
  /** A profile page, raw and read. */
  profile(uid: number): Promise<{ html: string; answer: ProfileAnswer }>;
}

const userAgent = "pOTstats (forum statistics; polite)";

/** About how much a request weighs besides its address. */
const requestHead_bytes = 120;

/** Longest that a request goes on once the operator wants to stop. */
const grace_ms = 5000;

/** Opens the forum; no request is made yet. */
export function openForum(options: ForumOptions): Forum {
  const patience = { ...defaultPatience, ...options.patience };
  const traffic: Traffic = { num_api_requests: 0, retries: 0, rx_bytes: 0, tx_bytes: 0 };
  const hosts = new Map<string, Politeness>();
  let hasAnswered = false;
  const { signal, note } = options;
  const stopping = new AbortController();
  signal.addEventListener("abort", () => setTimeout(() => stopping.abort(signal.reason), grace_ms).unref(), {
    once: true,
  });

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
          signal: AbortSignal.any([AbortSignal.timeout(patience.timeout_ms), stopping.signal]),
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
          throw new Transient(`status ${status}`, { wait_ms, busy: true, hasStatus: true });
        }
        if (status === 408 || status === 425 || status >= 500)
          throw new Transient(`status ${status}`, { hasStatus: true });
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

  /** Requests, and reads what came. @throws Unreadable, Transient, and what goes wrong on the way */
  async function attempt<T>(question: Question<T>): Promise<T> {
    const bytes = await request(question.address);
    try {
      const document = question.read(bytes);
      hasAnswered = true;
      refusals.remember(question);
      return document;
    } catch (error) {
      if (error instanceof BrokenDocument) throw new Transient(error.message, { bytes, answered: true });
      hasAnswered = true;
      throw error;
    }
  }

  /**
   * Tries until the document is there and readable.
   * @throws Unreadable, ForumUnreachable, ForumRefuses, the signal's reason
   */
  async function get<T>(question: Question<T>): Promise<T> {
    const { what, address } = question;
    const politeness = host(new URL(address));
    let begun_ms = performance.now();
    let before: Uint8Array | null = null;
    /** Answers that came to their end and could not be read all the same. */
    let whole = 0;
    let ended = stateOf(question).refusals;
    for (let tries = 1; ; tries++) {
      while (politeness.outage) await politeness.outage;
      while (stateOf(question).verdict) await stateOf(question).verdict;
      signal.throwIfAborted();
      const { refused } = stateOf(question);
      if (refused) throw refused;
      try {
        const document = await attempt(question);
        politeness.last_success_ms = performance.now();
        return document;
      } catch (error) {
        if (signal.aborted && error === signal.reason) throw error;
        let failed: Unreadable;
        if (error instanceof Unreadable) {
          failed = error instanceof Unexpected ? error : new Unreadable(`${what}: ${error.message}`, error.bytes);
        } else {
          const problem = transient(error);
          traffic.retries++;
          if (problem.bytes && !isCutOff(problem.bytes)) whole++;
          const isLasting = whole >= 2 || isSame(before, problem.bytes);
          before = problem.bytes;
          if (tries < patience.attempts && !isLasting) {
            const wait_ms = problem.wait_ms ?? backOff(tries);
            if (wait_ms > 10_000) note(`${what}: ${problem.message}; waiting ${Math.ceil(wait_ms / 1000)} s`);
            if (problem.busy) politeness.pause(wait_ms);
            else await sleep(wait_ms, signal);
            continue;
          }
          failed = new Unreadable(`${what}: ${problem.message}, tried ${tries} times`, problem.bytes);
          if (!problem.answered && politeness.last_success_ms <= begun_ms) {
            if (politeness.last_success_ms === Number.NEGATIVE_INFINITY)
              throw new ForumUnreachable(`${new URL(address).origin} does not answer: ${problem.message}`);
            politeness.outage ??= waitOut(new URL(address), problem.message).finally(() => {
              politeness.outage = null;
            });
            if (await politeness.outage) {
              politeness.last_success_ms = begun_ms = performance.now();
              tries = 0;
              continue;
            }
          }
        }
        // A refusal may have ended while this answer was on its way.
        if (stateOf(question).refusals > ended || (await refusals.wasRefused(question, failed))) tries = 0;
        // Asked for once more: the refusal may have ended in between.
        else if (tries > 1 || stateOf(question).readable.length === 0) throw failed;
        ended = stateOf(question).refusals;
        before = null;
        whole = 0;
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
  async function getXml<T>(question: Question<T | typeof offline>): Promise<T> {
    for (let pause_ms = patience.pause_ms; ; pause_ms = Math.min(pause_ms * 2, patience.pause_ms * 10)) {
      const document = await get(question);
      if (document !== offline) return document;
      note(`the forum is offline; waiting ${Math.ceil(pause_ms / 1000)} s`);
      host(new URL(options.forumUrl)).pause(pause_ms);
    }
  }

  function xml<T>(part: Part, what: string, path: string, read: (document: ForumDocument) => T) {
    const readXml = (bytes: Uint8Array) => {
      const document = parseForumXml(bytes);
      return rootOf(document) === "forum-offline" ? offline : read(document);
    };
    return { part, what, address: `${options.forumUrl}/bb/xml/${path}`, read: readXml };
  }

  const pageOfThread = (tid: number, page: number) =>
    xml("threads", `thread ${tid}, page ${page}`, `thread.php?TID=${tid}&page=${page}`, (document) =>
      aboutThread(document, tid, page),
    );

  const refusals = createRefusals({
    attempt,
    knownPage: async (tid) => {
      const known = await options.knownThread?.(tid);
      return known ? pageOfThread(known, 1) : null;
    },
    waits_ms: () => [
      ...Array.from({ length: patience.attempts - 1 }, (_, index) => backOff(index + 1)),
      patience.pause_ms,
      patience.pause_ms * 2,
    ],
    pause: ({ address }, wait_ms) => host(new URL(address)).pause(wait_ms),
    signal,
    note,
  });
  const { stateOf } = refusals;

  return {
    traffic,
    get hasAnswered() {
      return hasAnswered;
    },
    boards: () => getXml(xml("list of boards", "the list of boards", "boards.php", aboutBoards)),
    board: (bid, page) =>
      getXml(
        xml("boards", `board ${bid}, page ${page}`, `board.php?BID=${bid}&page=${page}`, (document) =>
          aboutBoard(document, bid, page),
        ),
      ),
    thread: (tid, at) =>
      getXml(
        "page" in at
          ? pageOfThread(tid, at.page)
          : xml("threads", `thread ${tid}, page of post ${at.pid}`, `thread.php?TID=${tid}&PID=${at.pid}`, (document) =>
              aboutThread(document, tid, null),
            ),
      ),
    tags: (tid) =>
      get({
        part: "tags",
        what: `tags of thread ${tid}`,
        address: `${options.forumUrl}/bb/thread.php?TID=${tid}`,
        read: (bytes) => parseTags(decodeHtml(bytes), tid),
      }),
    profile: (uid) =>
      get({
        part: "profiles",
        what: `profile ${uid}`,
        address: `${options.profilesUrl}/${uid}`,
        read: (bytes) => {
          const html = decodeHtml(bytes);
          return { html, answer: parseProfile(html, uid) };
        },
      }),
  };
}

/**
 * Follows a redirect to the same origin, or from http to https of the same host, with the credentials of the address that was
 * asked for and no others.
 * @throws Unreadable when it leads elsewhere, where nobody asked us to go
 */
function redirected(from: URL, location: string): URL {
  const target = URL.canParse(location, from) ? new URL(location, from) : null;
  const isSafer =
    target?.protocol === "https:" &&
    from.protocol === "http:" &&
    target.hostname === from.hostname &&
    !from.port &&
    !target.port;
  if (!target || (target.origin !== from.origin && !isSafer))
    throw new Unreadable(`is redirected to another host, ${target?.host || "which has no address"}`);
  target.username = from.username;
  target.password = from.password;
  return target;
}

/** Retry-After, in seconds or as a date → ms, an hour at most; null without a readable one. */
export function retryAfter(header: string | null, now_ms = Date.now()): number | null {
  if (!header) return null;
  const wait_ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now_ms;
  return Number.isNaN(wait_ms) ? null : Math.min(Math.max(wait_ms, 0), 3_600_000);
}
