/**
 * A small forum in the wire format, of which a test can set every post: for the moments that the simulator does not
 * produce.
 */
import { silent } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import { drizzleOn } from "@potstats/db/drizzle";
import * as tables from "@potstats/db/crawled";
import { eq, getTableColumns, isNull, sql as raw } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { CrawlOptions } from "../crawl.ts";

/** Empties the tables, as after the first migration. */
export async function emptyTables(sql: Sql): Promise<void> {
  await sql`
    truncate worldeater_tnu, worldeater_state, post_contents, posts, threads, boards, categories, my_mods_users, users, avatars, user_tiers
    restart identity cascade`;
}

/** Options to crawl a whole staged forum, without delay and with short waits. */
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
  /** The post is shown, but its text is withheld. */
  texthidden?: boolean;
  /** The post is not shown, but counts for positions and replies. */
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
  /** Added to the reply counter, because the forum's counters are wrong in both directions. */
  lie?: number;
  /** Root of the document that is sent instead of the thread. */
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
  /** Replaces the forum's own response unless it returns null. */
  intercept: (url: URL, request: Request) => Response | null | Promise<Response | null> = () => null;
  readonly server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => this.#answer(request) });

  get url(): string {
    return this.server.url.origin;
  }

  /** Adds or replaces a thread, and adds its board if that is missing. */
  stage(thread: StagedThread): StagedThread {
    this.threads.set(thread.tid, thread);
    if (!this.boards.has(thread.bid)) this.boards.set(thread.bid, { name: `Brett ${thread.bid}` });
    return thread;
  }

  /** Forgets all threads and boards, the log and the interception. */
  reset(): void {
    this.threads = new Map();
    this.boards = new Map();
    this.log = [];
    this.intercept = () => null;
  }

  stop(): Promise<void> {
    return this.server.stop(true);
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    this.log.push(url.pathname.replace(/^\/bb\//, "") + url.search);
    const intercepted = await this.intercept(url, request);
    if (intercepted) return intercepted;
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

  /** Special threads first, then by last visible post, newest first. */
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
    const listed = list.slice((page - 1) * 30, page * 30).map((thread) => {
      const [first] = thread.posts;
      const posted = (at: number) =>
        `<post><user id="${first?.uid ?? 1}">${cdata(first?.name ?? "Eins")}</user><date timestamp="${at}">x</date><in-thread id="${thread.tid}" /><in-board id="${thread.bid}" /></post>`;
      return `<thread id="${thread.tid}">${head(thread)}<firstpost>${posted(first ? time(first) : 0)}</firstpost><lastpost>${posted(lastTime(thread))}</lastpost></thread>`;
    });
    return `<board  current-user-id="0" id="${bid}"><name>${cdata(board.name)}</name><description></description><number-of-threads value='${list.length}' /><number-of-replies value='0' /><in-category id="1" /><threads with-stickies="1" with-globals="1" page="${page}" offset="${(page - 1) * 30}" count="${listed.length}">${listed.join("")}</threads></board>`;
  }

  #thread(tid: number, requested: number, pid: number): string {
    const thread = this.threads.get(tid);
    if (!thread) return "<invalid-thread />";
    if (thread.refusal) return `<${thread.refusal} />`;
    const isHere = thread.posts.some((post) => post.pid === pid);
    const before = thread.posts.filter((post) => post.pid < pid).length;
    const isElsewhere =
      !isHere && [...this.threads.values()].some((other) => other.posts.some((post) => post.pid === pid));
    const page = pid && !isElsewhere ? Math.floor(before / 30) + 1 : requested;
    const visible = thread.posts.filter((post) => !post.hidden).slice((page - 1) * 30, page * 30);
    return `<thread  current-user-id="0" id="${tid}">${head(thread)}<posts page="${page}" offset="${(page - 1) * 30}" count="${visible.length}">${visible.map((post) => postXml(thread, post)).join("")}</posts></thread>`;
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
  const last = thread.posts.findLast((post) => !post.hidden) ?? thread.posts[0];
  return last ? time(last) : 0;
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

/** Posts with consecutive ids from `from` on. */
export const staged = (from: number, count: number, more: Partial<StagedPost> = {}): StagedPost[] =>
  Array.from({ length: count }, (_, index) => ({ pid: from + index, ...more }));

/** Volatile columns: time and transaction of the write, hit counts, and those that profiles fill. */
const volatile = {
  posts: ["gone_at", "revision"],
  users: [
    "revision",
    "user_profile_exists",
    "tied",
    "registered",
    "online_status",
    "last_seen",
    "account_state",
    "locked_until",
  ],
  threads: ["gone_at", "checked_at", "check_page", "page_shift", "is_unlisted", "hit_count", "revision"],
  boards: ["initial_pass_at", "review_page", "reviewed_at", "surplus", "revision"],
};

const stable = <T extends PgTable>(table: T, names: readonly string[]): Record<string, PgColumn> =>
  Object.fromEntries(Object.entries(getTableColumns(table)).filter(([name]) => !names.includes(name)));

/** All rows that a crawl wrote, without volatile columns, profiles and gone posts. */
export async function contentsOf(sql: Sql): Promise<Record<string, unknown[]>> {
  const db = drizzleOn(sql);
  const { posts, postContents, users, avatars, threads, boards, worldeaterTnu } = tables;
  const isStored = isNull(posts.gone_at);
  const is_gone = raw<boolean>`${threads.gone_at} is not null`;
  return {
    posts: await db.select(stable(posts, volatile.posts)).from(posts).where(isStored).orderBy(posts.pid),
    contents: await db
      .select(getTableColumns(postContents))
      .from(postContents)
      .innerJoin(posts, eq(posts.pid, postContents.pid))
      .where(isStored)
      .orderBy(posts.pid),
    users: await db.select(stable(users, volatile.users)).from(users).orderBy(users.uid),
    avatars: await db.select().from(avatars).orderBy(avatars.avid),
    threads: await db
      .select({ ...stable(threads, volatile.threads), is_gone })
      .from(threads)
      .orderBy(threads.tid),
    boards: await db.select(stable(boards, volatile.boards)).from(boards).orderBy(boards.bid),
    pending: await db.select().from(worldeaterTnu).orderBy(worldeaterTnu.tid),
  };
}
