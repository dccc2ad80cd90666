/** The forum over HTTP: polite, patient, typed errors. What the bytes mean is for xml.ts and profiles.ts. */
import { readBody, TooLarge } from "./body.ts";
import { Politeness, sleep } from "./politeness.ts";
import { decodeHtml, parseProfile, parseTags, type ProfileAnswer } from "./profiles.ts";
import {
  type BoardDocument,
  type BoardsDocument,
  BrokenDocument,
  type ForumDocument,
  parseForumXml,
  type Refusal,
  type ThreadDocument,
} from "./xml.ts";

/** The forum cannot be reached at all: nothing has worked in this run. Ends the crawl. */
export class ForumUnreachable extends Error {
  override name = "ForumUnreachable";
}

/** The forum answers, but nothing that can be read, also after a while. Ends what needs these documents. */
export class ForumRefuses extends Error {
  override name = "ForumRefuses";
  constructor(
    message: string,
    readonly part: Part,
  ) {
    super(message);
  }
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
  /** Another thread, that could be read before; null where there is none. */
  knownThread?: (tid: number) => Promise<number | null>;
}

/** What the forum may refuse by itself: the kinds of addresses that are asked for. */
export type Part = "list of boards" | "boards" | "threads" | "tags" | "profiles";

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

/** Unreadable documents in a row that are the forum's trouble, where nothing else tells. */
const mostUnreadable = 5;

/** Longest that a request goes on once the operator wants to stop. */
const grace_ms = 5000;

/** How to ask for a document. */
interface Question<T> {
  part: Part;
  what: string;
  address: string;
  /** @throws BrokenDocument, Unexpected */
  read: (bytes: Uint8Array) => T;
}

/** What is known of a part of the forum. */
interface PartState {
  /** The last two documents that could be read. */
  readable: Question<unknown>[];
  /** Documents since then that could not. */
  unreadable: number;
  /** Set while somebody finds out whether the forum refuses this part, and waits: whether it did, and no longer does. */
  verdict: Promise<boolean> | null;
  refused: ForumRefuses | null;
  /** Times that it refused for a while. */
  refusals: number;
}

/** A well-formed document that is no answer to what was asked. Another try gives the same. */
class Unexpected extends Unreadable {}

/** What another try may mend. */
class Transient extends Error {
  readonly wait_ms: number | null;
  readonly bytes: Uint8Array | null;
  /** The forum answered, however badly: it is not down. */
  readonly answered: boolean;
  /** The forum asks everybody to wait, not only this request. */
  readonly busy: boolean;
  /** Something answered, if only with the status of an error. */
  readonly hasStatus: boolean;
  constructor(
    message: string,
    about: {
      wait_ms?: number | null;
      bytes?: Uint8Array;
      answered?: boolean;
      busy?: boolean;
      hasStatus?: boolean;
    } = {},
  ) {
    super(message);
    this.wait_ms = about.wait_ms ?? null;
    this.bytes = about.bytes ?? null;
    this.answered = about.answered ?? false;
    this.busy = about.busy ?? false;
    this.hasStatus = about.hasStatus ?? this.answered;
  }
}

/** Opens the forum; no request is made yet. */
export function openForum(options: ForumOptions): Forum {
  const patience = { ...defaultPatience, ...options.patience };
  const traffic: Traffic = { num_api_requests: 0, retries: 0, rx_bytes: 0, tx_bytes: 0 };
  const hosts = new Map<string, Politeness>();
  const parts = new Map<string, PartState>();
  let hasAnswered = false;
  const { signal, note } = options;
  const stopping = new AbortController();
  signal.addEventListener("abort", () => setTimeout(() => stopping.abort(signal.reason), grace_ms).unref(), {
    once: true,
  });

  function stateOf({ part, address }: { part: Part; address: string }): PartState {
    const name = `${part} ${formOf(address)}`;
    let state = parts.get(name);
    if (!state) parts.set(name, (state = { readable: [], unreadable: 0, verdict: null, refused: null, refusals: 0 }));
    return state;
  }

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
      const state = stateOf(question);
      hasAnswered = true;
      state.unreadable = 0;
      if (state.readable[0]?.address !== question.address) state.readable = [question, ...state.readable.slice(0, 1)];
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
    let { refusals } = stateOf(question);
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
        if (stateOf(question).refusals > refusals || (await wasRefused(question, failed))) tries = 0;
        // Asked for once more: the refusal may have ended in between.
        else if (tries > 1 || stateOf(question).readable.length === 0) throw failed;
        refusals = stateOf(question).refusals;
        before = null;
        whole = 0;
      }
    }
  }

  /**
   * Whether the forum, and not the document, is to blame for one that cannot be read, and no longer refuses. What could be
   * read before tells: it is asked for again. Where there is no such document, {@link mostUnreadable} in a row do.
   * @throws ForumRefuses when it still refuses after a while
   */
  async function wasRefused<T>(question: Question<T>, failed: Unreadable): Promise<boolean> {
    const state = stateOf(question);
    state.unreadable++;
    state.verdict ??= judge(question, failed).finally(() => {
      state.verdict = null;
    });
    return state.verdict;
  }

  async function judge<T>(question: Question<T>, failed: Unreadable): Promise<boolean> {
    const state = stateOf(question);
    const own = state.readable.find(({ address }) => address !== question.address) ?? (await knownDocument(question));
    const control = own ?? documentOf(new URL(question.address));
    const isReadable = control !== null && (await isAnswered(control));
    if (isReadable && own) return false;
    if ((isReadable || !control) && state.unreadable < mostUnreadable) return false;
    await waitForPermission(own ?? question, failed);
    return true;
  }

  /** Where no document of a part has been read in this run. */
  async function knownDocument({ part, address }: Question<unknown>): Promise<Question<unknown> | null> {
    if (part !== "threads" || formOf(address) !== "first") return null;
    const tid = await options.knownThread?.(Number(new URL(address).searchParams.get("TID")));
    return tid ? pageOfThread(tid, 1) : null;
  }

  /** The last document of the host that could be read, of whatever part. */
  function documentOf(url: URL): Question<unknown> | null {
    const all = [...parts.values()].flatMap(({ readable }) => readable.slice(0, 1));
    return all.find(({ address }) => new URL(address).host === url.host) ?? null;
  }

  async function isAnswered(question: Question<unknown>): Promise<boolean> {
    try {
      await attempt(question);
      return true;
    } catch (error) {
      if (signal.aborted && error === signal.reason) throw error;
      return false;
    }
  }

  /** Waits as for an answer of status 429, asking for a document now and then. @throws ForumRefuses */
  async function waitForPermission(question: Question<unknown>, failed: Unreadable): Promise<void> {
    const { part } = question;
    const { host: name } = new URL(question.address);
    const politeness = host(new URL(question.address));
    const waits_ms = Array.from({ length: patience.attempts - 1 }, (_, index) => backOff(index + 1));
    waits_ms.push(patience.pause_ms, patience.pause_ms * 2);
    const begun_ms = performance.now();
    for (let at = 0; at < waits_ms.length;) {
      const wait_ms = waits_ms[at] ?? patience.pause_ms;
      note(`${name} refuses ${part} (${failed.message}); waiting ${Math.ceil(wait_ms / 1000)} s`);
      politeness.pause(wait_ms);
      try {
        await attempt(question);
        note(`${name} answers again`);
        stateOf(question).refusals++;
        return;
      } catch (error) {
        if (signal.aborted && error === signal.reason) throw error;
        const problem = error instanceof Unreadable ? null : transient(error);
        if (problem?.wait_ms) politeness.pause(problem.wait_ms);
        // A host that is not there does not refuse anything.
        if (!problem || problem.hasStatus) at++;
      }
    }
    const waited_s = Math.round((performance.now() - begun_ms) / 1000);
    const refused = new ForumRefuses(
      `${name} refuses ${part}: ${failed.message}; so it did for ${waited_s} s. Nothing is lost: run it again later`,
      part,
    );
    throw (stateOf(question).refused = refused);
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

/** Instead of a document: the forum says that it is offline. */
const offline = Symbol("offline");

const rootOf = (document: ForumDocument) => (document.kind === "refusal" ? document.root : document.kind);

const isRefusal = (document: ForumDocument, ...roots: string[]): document is Refusal =>
  document.kind === "refusal" && roots.includes(document.root);

function aboutBoards(document: ForumDocument): BoardsDocument {
  if (document.kind !== "categories") throw new Unexpected(`the answer is <${rootOf(document)}>`);
  return document;
}

function aboutBoard(document: ForumDocument, bid: number, page: number): BoardDocument | Refusal {
  if (isRefusal(document, "no-access", "invalid-board")) return document;
  if (document.kind !== "board") throw new Unexpected(`page ${page}: the answer is <${rootOf(document)}>`);
  if (document.bid !== bid) throw new Unexpected(`page ${page}: the answer is about board ${document.bid}`);
  if (document.page !== null && document.page !== page)
    throw new Unexpected(`page ${page} was answered with page ${document.page}`);
  return document;
}

/** @param page null: any */
function aboutThread(document: ForumDocument, tid: number, page: number | null): ThreadDocument | Refusal {
  if (isRefusal(document, "no-access", "invalid-thread", "thread-hidden")) return document;
  if (document.kind !== "thread") throw new Unexpected(`the answer is <${rootOf(document)}>`);
  if (document.thread.tid !== tid) throw new Unexpected(`the answer is about thread ${document.thread.tid}`);
  if (page !== null && document.page !== null && document.page !== page)
    throw new Unexpected(`page ${page} was answered with page ${document.page}`);
  return document;
}

/** A forum may refuse pages by one form of address and give those by another: one is no control for the other. */
function formOf(address: string): "first" | "later" | "post" {
  const { searchParams } = new URL(address);
  if (searchParams.has("PID")) return "post";
  return Number(searchParams.get("page") ?? 1) > 1 ? "later" : "first";
}

/** Whether an XML or HTML document ends before its root does. Anything else came as whole as it will. */
function isCutOff(bytes: Uint8Array): boolean {
  const latin1 = new TextDecoder("latin1");
  const head = latin1.decode(bytes.subarray(0, 500)).trimStart();
  if (/^<(!doctype\s+)?html\b/i.test(head)) return !/<\/html\s*>/i.test(latin1.decode(bytes.subarray(-100_000)));
  if (!head.startsWith("<?xml")) return false;
  const tail = latin1.decode(bytes.subarray(-500)).trimEnd();
  const root = /<([a-z][\w-]*)/i.exec(head)?.[1];
  return root === undefined || !(tail.endsWith(`</${root}>`) || new RegExp(`<${root}[^<]*/>$`).test(tail));
}

const isSame = (one: Uint8Array | null, other: Uint8Array | null): boolean =>
  one !== null && other !== null && Buffer.compare(one, other) === 0;

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
