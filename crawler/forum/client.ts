/** The forum over HTTP: rate-limited, with retries and typed errors. `read/` parses the documents. */
import { decodeHtml, parseProfile, parseTags, type ProfileAnswer } from "../read/profile-page.ts";
import {
  type BoardDocument,
  type BoardsDocument,
  BrokenDocumentError,
  type ForumDocument,
  parseForumXml,
  type Refusal,
  type ThreadDocument,
} from "../read/xml.ts";
import { type Part, TransientError } from "./errors.ts";
import { matchBoard, matchBoards, matchThread, offline, rootOf } from "./matches-request.ts";
import { Politeness } from "./politeness.ts";
import { type DocumentRequest, Refusals } from "./refusals.ts";
import { createRequest, type Traffic } from "./request.ts";
import { backOff, defaultPatience, type Patience, Retries } from "./retry.ts";

export interface ForumOptions {
  /** What precedes `/bb/…`. */
  forumUrl: string;
  /** What precedes `/<uid>`. */
  profilesUrl: string;
  /** Minimum time between the starts of two requests to a host. */
  delay_ms: number;
  /** Maximum concurrent requests to a host. */
  concurrency: number;
  patience?: Partial<Patience>;
  /** When aborted, ends all waits at once and starts no more requests; requests in flight may finish. */
  signal: AbortSignal;
  /** Receives messages for the operator: pauses, outages. */
  note: (message: string) => void;
  /** Finds a few other threads that could be read before. */
  knownThreads?: (tid: number, wanted: { isLong: boolean }) => Promise<KnownThread[]>;
}

/** A thread that could be read to its end. A long one has more than one page. */
export interface KnownThread {
  tid: number;
  last_pid: number;
}

export interface Forum {
  readonly traffic: Traffic;
  /** Whether the forum has sent any readable or refusing document so far. */
  readonly hasAnswered: boolean;
  boards(): Promise<BoardsDocument>;
  /** A page of a board's listing; refused with `no-access` or `invalid-board`. */
  board(bid: number, page: number): Promise<BoardDocument | Refusal>;
  /** A page of a thread; refused with `no-access`, `invalid-thread` or `thread-hidden`. */
  thread(tid: number, at: { page: number } | { pid: number }): Promise<ThreadDocument | Refusal>;
  /** From the thread's HTML page. */
  tags(tid: number): Promise<string[]>;
  /** A profile page, raw and parsed. */
  profile(uid: number): Promise<{ html: string; answer: ProfileAnswer }>;
}

/** Opens the forum; no request is made yet. */
export function openForum(options: ForumOptions): Forum {
  const { forumUrl, profilesUrl, signal, note } = options;
  const patience = { ...defaultPatience, ...options.patience };
  const traffic: Traffic = { num_api_requests: 0, retries: 0, rx_bytes: 0, tx_bytes: 0 };
  const requests = requestsFor(forumUrl, profilesUrl);
  const hosts = new Map<string, Politeness>();
  let hasAnswered = false;

  function politenessOf({ host }: URL): Politeness {
    let politeness = hosts.get(host);
    if (!politeness) hosts.set(host, (politeness = new Politeness(options.delay_ms, options.concurrency)));
    return politeness;
  }

  const request = createRequest({ politenessOf, traffic, timeout_ms: patience.timeout_ms, signal });

  /** Requests a document once and parses it. @throws UnreadableError, TransientError, and what `request` throws */
  async function attempt<T>(wanted: DocumentRequest<T>): Promise<T> {
    const bytes = await request(wanted.address);
    try {
      const document = wanted.read(bytes);
      hasAnswered = true;
      refusals.remember(wanted);
      return document;
    } catch (error) {
      if (error instanceof BrokenDocumentError) throw new TransientError(error.message, { bytes, answered: true });
      hasAnswered = true;
      throw error;
    }
  }

  const refusals = new Refusals({
    attempt,
    knownPages: async (tid, form) => {
      const known = (await options.knownThreads?.(tid, { isLong: form === "later" })) ?? [];
      return known.map((thread) =>
        requests.thread(thread.tid, form === "post" ? { pid: thread.last_pid } : { page: form === "later" ? 2 : 1 }),
      );
    },
    waits_ms: () => [
      ...Array.from({ length: patience.attempts - 1 }, (_, index) => backOff(patience, index + 1)),
      patience.pause_ms,
      patience.pause_ms * 2,
    ],
    pause: ({ address }, wait_ms) => politenessOf(new URL(address)).pause(wait_ms),
    signal,
    note,
  });
  const probe = (url: URL) =>
    request(url.href.startsWith(`${forumUrl}/bb/`) ? `${forumUrl}/bb/xml/boards.php` : `${profilesUrl}/1`);
  // Without profiles, boards and threads are still complete.
  const isEssential = ({ host }: URL) => host === new URL(forumUrl).host;
  const retries = new Retries({ attempt, probe, isEssential, politenessOf, refusals, patience, traffic, signal, note });

  /** Gets an XML document; while the forum says that it is offline, all requests wait. */
  async function getXml<T>(wanted: DocumentRequest<T | typeof offline>): Promise<T> {
    for (let pause_ms = patience.pause_ms; ; pause_ms = Math.min(pause_ms * 2, patience.pause_ms * 10)) {
      const document = await retries.get(wanted);
      if (document !== offline) return document;
      note(`the forum is offline; waiting ${Math.ceil(pause_ms / 1000)} s`);
      politenessOf(new URL(forumUrl)).pause(pause_ms);
    }
  }

  return {
    traffic,
    get hasAnswered() {
      return hasAnswered;
    },
    boards: () => getXml(requests.boards()),
    board: (bid, page) => getXml(requests.board(bid, page)),
    thread: (tid, at) => getXml(requests.thread(tid, at)),
    tags: (tid) => retries.get(requests.tags(tid)),
    profile: (uid) => retries.get(requests.profile(uid)),
  };
}

/** The address of each kind of document, and how it is parsed. */
function requestsFor(forumUrl: string, profilesUrl: string) {
  const xml = <T>(
    part: Part,
    name: string,
    path: string,
    expect: (document: ForumDocument) => T,
  ): DocumentRequest<T | typeof offline> => ({
    part,
    name,
    address: `${forumUrl}/bb/xml/${path}`,
    read: (bytes) => {
      const document = parseForumXml(bytes);
      return rootOf(document) === "forum-offline" ? offline : expect(document);
    },
  });
  return {
    boards: () => xml("list of boards", "the list of boards", "boards.php", matchBoards),
    board: (bid: number, page: number) =>
      xml("boards", `board ${bid}, page ${page}`, `board.php?BID=${bid}&page=${page}`, (document) =>
        matchBoard(document, bid, page),
      ),
    thread: (tid: number, at: { page: number } | { pid: number }) =>
      "page" in at
        ? xml("threads", `thread ${tid}, page ${at.page}`, `thread.php?TID=${tid}&page=${at.page}`, (document) =>
            matchThread(document, tid, at.page),
          )
        : xml("threads", `thread ${tid}, page of post ${at.pid}`, `thread.php?TID=${tid}&PID=${at.pid}`, (document) =>
            matchThread(document, tid, null),
          ),
    tags: (tid: number): DocumentRequest<string[]> => ({
      part: "tags",
      name: `tags of thread ${tid}`,
      address: `${forumUrl}/bb/thread.php?TID=${tid}`,
      read: (bytes) => parseTags(decodeHtml(bytes), tid),
    }),
    profile: (uid: number): DocumentRequest<{ html: string; answer: ProfileAnswer }> => ({
      part: "profiles",
      name: `profile ${uid}`,
      address: `${profilesUrl}/${uid}`,
      read: (bytes) => {
        const html = decodeHtml(bytes);
        return { html, answer: parseProfile(html, uid) };
      },
    }),
  };
}
