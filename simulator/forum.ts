/** A forum that never was: seeded, the same on every machine, answering as the real one does. */
import { latin9Bytes } from "./encode.ts";
import { createHistory, type History } from "./history.ts";
import { profileHtml, profileMissing, tagsHtml } from "./html.ts";
import { homeAt, nameAt, type Person, type Post, refusalAt, type Thread, threadAt } from "./model.ts";
import { firstAfter, State } from "./state.ts";
import { contentOf } from "./text.ts";
import { boardsXml, boardXml, onePostXml, pageSize, refusal, settingsXml, threadXml } from "./xml.ts";

export interface ForumOptions {
  seed?: number;
  /** In the whole history, at least 1,000. */
  posts?: number;
  /** Of history, ending with June 2018. */
  years?: number;
  /** Four of five posts in one board and 240 posts in its threads, as in forum.mods.de; else there is something in every board. */
  isProportioned?: boolean;
}

export interface Forum {
  /** Everything that ever happens in it: what a test compares a crawl with. */
  history: History;
  /** The forum as it stands now. */
  state: State;
  /** Lets it become another time, Unix seconds. */
  moveTo(time: number): void;
  /** What a post says now: BBCode, lines ending in CR LF. */
  contentOf(post: Post): string;
  /** Answers the API, the HTML pages and the profiles, all under one address. */
  fetch(request: Request): Response;
}

/** @throws RangeError for a forum too small to hold every kind of thread */
export function createForum({
  seed = 1,
  posts = 20_000,
  years = 15,
  isProportioned = false,
}: ForumOptions = {}): Forum {
  if (posts < 1000 || years < 1)
    throw new RangeError("a simulated forum has at least 1,000 posts in at least one year");
  const history = createHistory(seed, posts, years, isProportioned);
  const threads = new Map(history.threads.map((thread) => [thread.tid, thread]));
  const boards = new Map(history.boards.map((board) => [board.bid, board]));
  const byPid = new Map<number, Post>();
  const forum: Forum = {
    history,
    state: new State(history, history.until),
    moveTo: (time) => void (forum.state = new State(history, time)),
    contentOf: (post) => contentOf(seed, post, forum.state.now),
    fetch: (request) => answer(new URL(request.url)),
  };

  function answer(url: URL): Response {
    const { state } = forum;
    const query = url.searchParams;
    switch (url.pathname) {
      case "/bb/xml/boards.php":
        return xml(boardsXml(state));
      case "/bb/xml/board.php":
        return xml(boardPage(state, query));
      case "/bb/xml/thread.php":
        return xml(threadPage(state, query));
      case "/bb/xml/settings.php":
        return xml(settingsXml());
      case "/bb/xml/bookmarks.php":
        return xml(refusal("not-logged-in"));
      case "/bb/thread.php":
        return html(tagsHtml(state, existing(state, number(query, "TID"))));
    }
    if (/^\/[^/]+$/.test(url.pathname)) return profile(state, url.pathname.slice(1));
    return new Response("nicht gefunden", { status: 404 });
  }

  function existing(state: State, tid: number): Thread | undefined {
    const found = threads.get(tid);
    return found && state.exists(found) ? found : undefined;
  }

  function boardPage(state: State, query: URLSearchParams): string {
    const found = boards.get(number(query, "BID"));
    if (!found || found.opened > state.now) return refusal("invalid-board");
    const page = Math.max(1, number(query, "page"));
    return boardXml(state, found, {
      page,
      offset: query.has("offset") ? number(query, "offset") : (page - 1) * pageSize,
      withStickies: query.get("with-stickies") !== "0",
      withGlobals: query.get("with-globals") !== "0",
    });
  }

  function threadPage(state: State, query: URLSearchParams): string {
    const found = existing(state, number(query, "TID"));
    if (!found) return refusal("invalid-thread");
    const root = refusalAt(found, state.now);
    if (root) return refusal(root);
    if (homeAt(found, state.now).isClosedToUs) return refusal("no-access");
    const only = number(query, "onlyPID");
    if (only > 0) return onePostXml(state, seed, found, only);
    if (query.has("offset")) {
      return threadXml(state, seed, found, { page: null, offset: number(query, "offset") });
    }
    const pid = number(query, "PID");
    const page = pid > 0 ? pageOf(state, found, pid) : Math.max(1, number(query, "page"));
    return threadXml(state, seed, found, { page, offset: (page - 1) * pageSize });
  }

  /** Counted over all posts, shown or not; a post of another thread leads to the first page. */
  function pageOf(state: State, found: Thread, pid: number): number {
    if (byPid.size === 0) for (const post of history.posts) byPid.set(post.pid, post);
    const asked = byPid.get(pid);
    if (asked && threadAt(asked, state.now) !== found) return 1;
    return Math.floor(firstAfter(state.written(found), (post) => post.pid >= pid) / pageSize) + 1;
  }

  /** A name comes before a number. */
  function profile(state: State, path: string): Response {
    const asked = decode(path);
    const here = history.people.filter((person) => person.joined <= state.now);
    const found: Person | undefined =
      here.find((person) => nameAt(person, state.now) === asked) ?? here.find((person) => String(person.uid) === asked);
    return found ? html(profileHtml(state, found)) : html(profileMissing(asked));
  }

  return forum;
}

/** A whole number of the query; what is missing, negative or no number counts as 0. */
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

// The real header names no charset, which makes many libraries guess wrongly.
const xml = (document: string) =>
  new Response(new TextEncoder().encode(document), { headers: { "content-type": "text/xml" } });
const html = (page: string) =>
  new Response(latin9Bytes(page), { headers: { "content-type": "text/html; charset=ISO-8859-15" } });
