/** For tests: a small forum whose every post can be staged, for the moments the simulator does not stage. Speaks the wire format. */
import { silent } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import type { CrawlOptions } from "../crawl.ts";

/** A database as after its first migration. */
export async function emptyTables(sql: Sql): Promise<void> {
  await sql`
    truncate worldeater_tnu, worldeater_state, post_contents, posts, threads, boards, categories, my_mods_users, users, avatars, user_tiers
    restart identity cascade`;
}

/** Everything that a staged forum has, at once and with little patience. */
export const crawlOptions = (sql: Sql, forum: StagedForum, more: Partial<CrawlOptions> = {}): CrawlOptions => ({
  sql,
  forumUrl: forum.url,
  profilesUrl: forum.url,
  boards: "all",
  delay_ms: 0,
  patience: { attempts: 2, base_ms: 1, pause_ms: 5 },
  progress: silent,
  ...more,
});

export interface StagedPost {
  pid: number;
  uid?: number;
  name?: string;
  /** Unix seconds; 1,500,000,000 + pid by default. */
  timestamp?: number;
  content?: string;
  title?: string;
  edit?: { count: number; uid: number; name: string; timestamp: number };
  gid?: number;
  /** Withheld text, still shown. */
  texthidden?: boolean;
  /** Not shown, but counted for positions and replies. */
  hidden?: boolean;
}

export interface StagedThread {
  tid: number;
  bid: number;
  title?: string;
  posts: StagedPost[];
  closed?: boolean;
  sticky?: boolean;
  global?: boolean;
  important?: boolean;
  /** Added to the reply counter: counters lie in both directions. */
  lie?: number;
  /** The root that answers instead of the thread. */
  refusal?: string;
  tags?: string[];
}

const flag = (value: boolean | undefined) => (value ? 1 : 0);
const declaration = '<?xml version="1.0" encoding="utf-8" ?>\n';
const cdata = (text: string) => (text ? `<![CDATA[${text}]]>` : "");

export class StagedForum {
  threads = new Map<number, StagedThread>();
  boards = new Map<number, { name: string; refusal?: string }>();
  /** Path and query of every request. */
  log: string[] = [];
  /** Comes before the forum's own answer; null lets it answer. */
  intercept: (url: URL, request: Request) => Response | null | Promise<Response | null> = () => null;
  readonly server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => this.#answer(request) });

  get url(): string {
    return this.server.url.origin;
  }

  /** Adds or replaces a thread; its board is made when missing. */
  stage(thread: StagedThread): StagedThread {
    this.threads.set(thread.tid, thread);
    if (!this.boards.has(thread.bid)) this.boards.set(thread.bid, { name: `Brett ${thread.bid}` });
    return thread;
  }

  stop(): Promise<void> {
    return this.server.stop(true);
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    this.log.push(url.pathname.replace(/^\/bb\//, "") + url.search);
    const instead = await this.intercept(url, request);
    if (instead) return instead;
    const number = (name: string) => Number(url.searchParams.get(name) ?? 0);
    if (url.pathname === "/bb/xml/boards.php") return this.#xml(this.#boards());
    if (url.pathname === "/bb/xml/board.php") return this.#xml(this.#board(number("BID"), number("page") || 1));
    if (url.pathname === "/bb/xml/thread.php")
      return this.#xml(this.#thread(number("TID"), number("page") || 1, number("PID")));
    if (url.pathname === "/bb/thread.php") return this.#tags(number("TID"));
    return new Response("Benutzer gibt es hier nicht gefunden!");
  }

  #xml(body: string): Response {
    return new Response(declaration + body, { headers: { "content-type": "text/xml" } });
  }

  #boards(): string {
    const boards = [...this.boards].map(
      ([bid, { name }]) =>
        `<board id="${bid}"><name>${cdata(name)}</name><description></description><number-of-threads value='${this.#list(bid).length}' /><number-of-replies value='0' /><in-category id="1" /><moderators></moderators></board>`,
    );
    return `<categories  current-user-id="0" count="1"><category id="1"><name>${cdata("Alles")}</name><description></description><boards count="${boards.length}">${boards.join("")}</boards></category></categories>`;
  }

  /** Specials first, then by last shown post, newest first. */
  #list(bid: number): StagedThread[] {
    const special = (thread: StagedThread) => flag(thread.sticky || thread.global || thread.important);
    return [...this.threads.values()]
      .filter((thread) => thread.bid === bid || thread.global)
      .toSorted((a, b) => special(b) - special(a) || lastTime(b) - lastTime(a) || b.tid - a.tid);
  }

  #board(bid: number, page: number): string {
    const board = this.boards.get(bid);
    if (!board) return "<invalid-board />";
    if (board.refusal) return `<${board.refusal} />`;
    const list = this.#list(bid);
    const shown = list.slice((page - 1) * 30, page * 30).map((thread) => {
      const [first] = thread.posts;
      const posted = (at: number) =>
        `<post><user id="${first?.uid ?? 1}">${cdata(first?.name ?? "Eins")}</user><date timestamp="${at}">x</date><in-thread id="${thread.tid}" /><in-board id="${thread.bid}" /></post>`;
      return `<thread id="${thread.tid}">${head(thread)}<firstpost>${posted(first ? time(first) : 0)}</firstpost><lastpost>${posted(lastTime(thread))}</lastpost></thread>`;
    });
    return `<board  current-user-id="0" id="${bid}"><name>${cdata(board.name)}</name><description></description><number-of-threads value='${list.length}' /><number-of-replies value='0' /><in-category id="1" /><threads with-stickies="1" with-globals="1" page="${page}" offset="${(page - 1) * 30}" count="${shown.length}">${shown.join("")}</threads></board>`;
  }

  #thread(tid: number, asked: number, pid: number): string {
    const thread = this.threads.get(tid);
    if (!thread) return "<invalid-thread />";
    if (thread.refusal) return `<${thread.refusal} />`;
    const isHere = thread.posts.some((post) => post.pid === pid);
    const before = thread.posts.filter((post) => post.pid < pid).length;
    const isElsewhere =
      !isHere && [...this.threads.values()].some((other) => other.posts.some((post) => post.pid === pid));
    const page = pid && !isElsewhere ? Math.floor(before / 30) + 1 : asked;
    const shown = thread.posts.filter((post) => !post.hidden).slice((page - 1) * 30, page * 30);
    return `<thread  current-user-id="0" id="${tid}">${head(thread)}<posts page="${page}" offset="${(page - 1) * 30}" count="${shown.length}">${shown.map((post) => postXml(thread, post)).join("")}</posts></thread>`;
  }

  #tags(tid: number): Response {
    const tags = this.threads.get(tid)?.tags;
    const form = tags
      ? `<form action='thread.php?TID=${tid}&set_thread_groups=1' method='post'>${tags.map((tag) => `<a href='x'>${tag}</a>`).join(", ")}</form>`
      : "";
    return new Response(`<html><body>${form}</body></html>`);
  }
}

const time = (post: StagedPost) => post.timestamp ?? 1_500_000_000 + post.pid;

function lastTime(thread: StagedThread): number {
  const shown = thread.posts.findLast((post) => !post.hidden) ?? thread.posts[0];
  return shown ? time(shown) : 0;
}

function head(thread: StagedThread): string {
  const replies = Math.max(0, thread.posts.length - 1 + (thread.lie ?? 0));
  return (
    `<title>${cdata(thread.title ?? `Thema ${thread.tid}`)}</title><subtitle></subtitle><number-of-replies value='${replies}' />` +
    `<number-of-hits value='5' /><number-of-pages value='${Math.ceil((replies + 1) / 30)}' />` +
    `<flags><is-closed value="${flag(thread.closed)}" /><is-sticky value="${flag(thread.sticky)}" /><is-important value="${flag(thread.important)}" />` +
    `<is-announcement value="0" /><is-global value="${flag(thread.global)}" /></flags><in-board id="${thread.bid}" />`
  );
}

function postXml(thread: StagedThread, post: StagedPost): string {
  const { edit } = post;
  const edited = edit
    ? `<edited count="${edit.count}"><lastedit>\n        <user id="${edit.uid}">${cdata(edit.name)}</user>\n        <date timestamp="${edit.timestamp}">x</date>\n      </lastedit></edited>`
    : '<edited count="0"></edited>';
  return (
    `<post id="${post.pid}"${post.texthidden ? ' is-hidden="texthidden"' : ""}><user id="${post.uid ?? 1}" group-id="${post.gid ?? 3}">${cdata(post.name ?? "Eins")}</user>` +
    `<date timestamp="${time(post)}">x</date><message>\n      ${edited}\n      <content>${post.texthidden ? "" : cdata(post.content ?? `Beitrag ${post.pid}`)}</content>\n      <title>${cdata(post.title ?? "")}</title>\n    </message>` +
    `<avatar id="59217"><![CDATA[./avatare/arctic.gif]]></avatar><in-thread id="${thread.tid}" /><in-board id="${thread.bid}" /></post>`
  );
}

/** Posts numbered from `from` on. */
export const staged = (from: number, count: number, more: Partial<StagedPost> = {}): StagedPost[] =>
  Array.from({ length: count }, (_, index) => ({ pid: from + index, ...more }));

/** What a crawl read, without what tells when and in which transaction it did. */
export async function contentsOf(sql: Sql): Promise<Record<string, unknown[]>> {
  const [posts, contents, users, avatars, threads, boards, pending] = await Promise.all([
    sql`select pid, poster_uid, tid, timestamp, edit_count, last_edit_uid, last_edit_timestamp, is_hidden, content_length, icon_id
        from posts where gone_at is null order by pid`,
    sql`select c.* from post_contents as c join posts using (pid) where gone_at is null order by pid`,
    sql`select uid, gid, name, name_timestamp, name_pid, aliases, avid from users order by uid`,
    sql`select * from avatars order by avid`,
    sql`select tid, bid, title, subtitle, is_closed, is_sticky, is_important, is_announcement, is_global, est_number_of_replies,
          first_pid, last_pid, tags, is_complete, gone_at is not null as is_gone, listed_last_post
        from threads order by tid`,
    sql`select bid, cid, name, description from boards order by bid`,
    sql`select * from worldeater_tnu order by tid`,
  ]);
  return Object.fromEntries(
    Object.entries({ posts, contents, users, avatars, threads, boards, pending }).map(([name, rows]) => [
      name,
      [...rows],
    ]),
  );
}
