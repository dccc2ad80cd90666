/** A simulated forum, reproducible by seed on every machine, which responds like the real one. */
import { latin9Bytes } from "./encode.ts";
import { createHistory, type History } from "./history.ts";
import { profileHtml, profileMissing, tagsHtml } from "./html.ts";
import { type Board, homeAt, nameAt, type Post, refusalAt, type Thread, threadAt } from "./model.ts";
import { firstAfter, State } from "./state.ts";
import { contentOf } from "./text.ts";
import { boardsXml, boardXml, onePostXml, pageSize, refusal, settingsXml, threadXml } from "./xml.ts";

export interface ForumOptions {
  seed?: number;
  /** The number of posts in the whole history, at least 1,000. */
  posts?: number;
  /** The length of the history, which ends in June 2018. */
  years?: number;
  /** Whether the forum has the proportions of forum.mods.de: four of five posts in one board, 240 per thread. */
  isProportioned?: boolean;
}

export interface Forum {
  /** Everything that ever happens, for tests to compare a crawl with. */
  history: History;
  /** The forum at the current moment. */
  state: State;
  /** Changes the current moment. @param time in Unix seconds */
  moveTo(time: number): void;
  /** The current text of a post: BBCode with CR LF line ends. */
  contentOf(post: Post): string;
  /** Responds to requests for the XML API, the HTML pages and the profiles, all under one address. */
  fetch(request: Request): Response;
}

/** @throws RangeError if the forum is too small to contain every kind of thread */
export function createForum({
  seed = 1,
  posts = 20_000,
  years = 15,
  isProportioned = false,
}: ForumOptions = {}): Forum {
  if (posts < 1000 || years < 1)
    throw new RangeError("a simulated forum has at least 1,000 posts in at least one year");
  const history = createHistory(seed, posts, years, isProportioned);
  const pages = new Pages(seed, history);
  const forum: Forum = {
    history,
    state: new State(history, history.until),
    moveTo: (time) => void (forum.state = new State(history, time)),
    contentOf: (post) => contentOf(seed, post, forum.state.now),
    fetch: (request) => pages.respond(new URL(request.url), forum.state),
  };
  return forum;
}

/** The documents behind the forum's addresses. */
class Pages {
  readonly #threads: Map<number, Thread>;
  readonly #boards: Map<number, Board>;
  readonly #posts = new Map<number, Post>();

  constructor(
    readonly seed: number,
    readonly history: History,
  ) {
    this.#threads = new Map(history.threads.map((thread) => [thread.tid, thread]));
    this.#boards = new Map(history.boards.map((board) => [board.bid, board]));
  }

  respond(url: URL, state: State): Response {
    const query = url.searchParams;
    switch (url.pathname) {
      case "/bb/xml/boards.php":
        return xml(boardsXml(state));
      case "/bb/xml/board.php":
        return xml(this.#board(state, query));
      case "/bb/xml/thread.php":
        return xml(this.#thread(state, query));
      case "/bb/xml/settings.php":
        return xml(settingsXml());
      case "/bb/xml/bookmarks.php":
        return xml(refusal("not-logged-in"));
      case "/bb/thread.php":
        return html(tagsHtml(state, this.#existingThread(state, number(query, "TID"))));
    }
    if (/^\/[^/]+$/.test(url.pathname)) return this.#profile(state, url.pathname.slice(1));
    return new Response("nicht gefunden", { status: 404 });
  }

  #existingThread(state: State, tid: number): Thread | undefined {
    const thread = this.#threads.get(tid);
    return thread && state.exists(thread) ? thread : undefined;
  }

  #board(state: State, query: URLSearchParams): string {
    const board = this.#boards.get(number(query, "BID"));
    if (!board || board.opened > state.now) return refusal("invalid-board");
    const page = Math.max(1, number(query, "page"));
    return boardXml(state, board, {
      page,
      offset: query.has("offset") ? number(query, "offset") : (page - 1) * pageSize,
      withStickies: query.get("with-stickies") !== "0",
      withGlobals: query.get("with-globals") !== "0",
    });
  }

  #thread(state: State, query: URLSearchParams): string {
    const thread = this.#existingThread(state, number(query, "TID"));
    if (!thread) return refusal("invalid-thread");
    const root = refusalAt(thread, state.now);
    if (root) return refusal(root);
    if (homeAt(thread, state.now).isRestricted) return refusal("no-access");
    const onlyPid = number(query, "onlyPID");
    if (onlyPid > 0) return onePostXml(state, this.seed, thread, onlyPid);
    if (query.has("offset")) {
      return threadXml(state, this.seed, thread, { page: null, offset: number(query, "offset") });
    }
    const pid = number(query, "PID");
    const page = pid > 0 ? this.#pageOf(state, thread, pid) : Math.max(1, number(query, "page"));
    return threadXml(state, this.seed, thread, { page, offset: (page - 1) * pageSize });
  }

  /** The page of a post, counting all posts, visible or not. For a post in another thread, the first page. */
  #pageOf(state: State, thread: Thread, pid: number): number {
    if (this.#posts.size === 0) for (const post of this.history.posts) this.#posts.set(post.pid, post);
    const post = this.#posts.get(pid);
    if (post && threadAt(post, state.now) !== thread) return 1;
    return Math.floor(firstAfter(state.allPosts(thread), (other) => other.pid >= pid) / pageSize) + 1;
  }

  /** A name takes precedence over a uid. */
  #profile(state: State, path: string): Response {
    const requested = decode(path);
    const members = this.history.people.filter((person) => person.joined <= state.now);
    const person =
      members.find((one) => nameAt(one, state.now) === requested) ??
      members.find((one) => String(one.uid) === requested);
    return html(person ? profileHtml(state, person) : profileMissing(requested));
  }
}

/** An integer parameter; 0 if it is missing, negative or not a number. */
function number(query: URLSearchParams, name: string): number {
  const value = query.get(name) ?? "";
  return /^\d{1,15}$/.test(value) ? Number(value) : 0;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

// Without a charset, like the real forum: many libraries then guess the wrong one.
const xml = (document: string) =>
  new Response(new TextEncoder().encode(document), { headers: { "content-type": "text/xml" } });
const html = (page: string) =>
  new Response(latin9Bytes(page), { headers: { "content-type": "text/html; charset=ISO-8859-15" } });
