/** The XML documents, byte for byte as in the real forum. */
import { dateText } from "./clock.ts";
import { xmlText } from "./encode.ts";
import { type Board, homeAt, nameAt, type Person, type Post, type Thread, titleAt } from "./model.ts";
import type { State } from "./state.ts";
import { contentOf } from "./text.ts";

export const pageSize = 30;

type Root = "invalid-board" | "invalid-thread" | "no-access" | "thread-hidden" | "not-logged-in" | "forum-offline";

const declaration = '<?xml version="1.0" encoding="utf-8" ?>\n';
const schema =
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://forum.mods.de/bb/forum.xsd" current-user-id="0"';

const cdata = (text: string) => (text === "" ? "" : `<![CDATA[${xmlText(text)}]]>`);
const flag = (value: boolean) => (value ? 1 : 0);
const date = (time: number) => `<date timestamp="${time}">${dateText(time)}</date>`;
const user = (person: Person, time: number) => `<user id="${person.uid}">${cdata(nameAt(person, time))}</user>`;

/** The images of post icons. Others use `unbekannt.gif`. */
const pictures: Record<number, string> = {
  1: "thumbsdown",
  2: "thumbsup",
  28: "icon9",
  32: "icon2",
  33: "icon3",
  34: "icon4",
  35: "icon5",
  36: "icon6",
  37: "icon7",
  38: "icon8",
  39: "icon10",
  40: "icon11",
  41: "icon12",
  42: "icon13",
  54: "pfeil",
};
const picture = (icon: number) => cdata(`./img/icons/${pictures[icon] ?? "unbekannt"}.gif`);

/** An error document, which is nothing but its root. */
export const refusal = (root: Root): string => `${declaration}<${root} />`;

export function settingsXml(): string {
  return `${declaration}<settings  ${schema}><flags><allow-dynamic-images value="0" /><is-online value="1" /></flags><forum-title>${cdata("Forum, das es nie gab")}</forum-title><base-url>${cdata("http://forum.mods.de/bb")}</base-url><base-url-banners>${cdata("http://forum.mods.de/bb/img/head/")}</base-url-banners><banner>${cdata("banner.jpeg")}</banner><replies-per-page>${pageSize}</replies-per-page><threads-per-page>${pageSize}</threads-per-page></settings>`;
}

/** boards.php */
export function boardsXml(state: State): string {
  const { categories } = state.history;
  const parts = categories.map((category) => {
    const boards = category.boards.filter((board) => board.opened <= state.now);
    const list = boards.map((board) => boardEntry(state, board)).join("");
    const inside = boards.length > 0 ? `<boards count="${boards.length}">${list}</boards>` : "";
    return `<category id="${category.cid}"><name>${cdata(category.name)}</name><description>${cdata(category.description)}</description>${inside}</category>`;
  });
  return `${declaration}<categories  ${schema} count="${categories.length}">${parts.join("")}</categories>`;
}

function counters(state: State, board: Board): string {
  const threads = board.isRestricted ? [] : state.threadsOf(board);
  const replies = threads.reduce(
    (sum, thread) => sum + state.replies(thread),
    threads.length > 0 ? board.replyOffset : 0,
  );
  return `<number-of-threads value='${threads.length}' /><number-of-replies value='${replies}' /><in-category id="${board.cid}" />`;
}

function boardEntry(state: State, board: Board): string {
  const [latest] = board.isRestricted ? [] : state.threadsOf(board);
  const post = latest ? (state.visiblePosts(latest).at(-1) ?? latest.posts[0]) : undefined;
  const last =
    latest && post
      ? `<lastpost><post>${user(post.person, post.time)}${date(post.time)}${post.icon ? `<icon id="${post.icon}" />` : ""}<in-thread id="${latest.tid}">${cdata(titleAt(latest, state.now))}</in-thread><in-board id="${board.bid}" /></post></lastpost>`
      : "";
  const moderators = board.moderators.map((person) => user(person, state.now)).join("");
  return `<board id="${board.bid}"><name>${cdata(board.name)}</name><description>${cdata(board.description)}</description>${counters(state, board)}${last}<moderators>${moderators}</moderators></board>`;
}

/** A thread's properties, as they appear in lists of threads and above its posts. */
function threadHead(state: State, thread: Thread): string {
  const replies = state.replies(thread);
  return (
    `<title>${cdata(titleAt(thread, state.now))}</title><subtitle>${cdata(thread.subtitle)}</subtitle>` +
    `<number-of-replies value='${replies}' /><number-of-hits value='${thread.hits}' /><number-of-pages value='${Math.ceil((replies + 1) / pageSize)}' />` +
    `<flags><is-closed value="${flag(thread.closed !== null && thread.closed <= state.now)}" /><is-sticky value="${flag(thread.isSticky)}" />` +
    `<is-important value="${flag(thread.isImportant)}" /><is-announcement value="${flag(thread.isAnnouncement)}" /><is-global value="${flag(thread.isGlobal)}" />` +
    `<is-hidden value="0" /><can-close value="0" /><can-hide value="0" /><can-sticky value="0" /><can-hide-posts value="0" /></flags>` +
    `<in-board id="${homeAt(thread, state.now).bid}" />`
  );
}

/** The first or last post of a thread in a list, without its id. */
function postLine(state: State, post: Post, icon: string): string {
  const { thread } = post;
  return `<post>${user(post.person, post.time)}${date(post.time)}${icon}<in-thread id="${thread.tid}" /><in-board id="${homeAt(thread, state.now).bid}" /></post>`;
}

interface BoardPage {
  page: number;
  /** Threads to skip. */
  offset: number;
  withStickies: boolean;
  withGlobals: boolean;
}

/** board.php */
export function boardXml(state: State, board: Board, query: BoardPage): string {
  if (board.isRestricted) return refusal("no-access");
  const list = state
    .list(board)
    .filter((thread) => (query.withGlobals || !thread.isGlobal) && (query.withStickies || !thread.isSticky));
  const threads = list.slice(query.offset, query.offset + pageSize).map((thread) => threadEntry(state, thread));
  return (
    `${declaration}<board  ${schema} id="${board.bid}"><name>${cdata(board.name)}</name><description>${cdata(board.description)}</description>${counters(state, board)}` +
    `<threads with-stickies="${flag(query.withStickies)}" with-globals="${flag(query.withGlobals)}" page="${query.page}" offset="${query.offset}" count="${threads.length}">${threads.join("")}</threads></board>`
  );
}

function threadEntry(state: State, thread: Thread): string {
  const [first] = thread.posts;
  const last = state.visiblePosts(thread).at(-1);
  const icon = first?.icon ? `<icon id="${first.icon}">${picture(first.icon)}</icon>` : "";
  const opening = first ? `<firstpost>${postLine(state, first, icon)}</firstpost>` : "";
  // Most threads without replies have no last post, but some do.
  const hasLast = state.replies(thread) > 0 || thread.tid % 3 === 0;
  const closing = last && hasLast ? `<lastpost>${postLine(state, last, "")}</lastpost>` : "";
  return `<thread id="${thread.tid}">${threadHead(state, thread)}${opening}${closing}</thread>`;
}

interface ThreadPage {
  /** Null for requests by offset, whose response has no page number. */
  page: number | null;
  /** Posts to skip. */
  offset: number;
}

/** thread.php */
export function threadXml(state: State, seed: number, thread: Thread, query: ThreadPage): string {
  const posts = state.visiblePosts(thread).slice(query.offset, query.offset + pageSize);
  const page = query.page === null ? "" : `page="${query.page}" `;
  return threadDocument(state, seed, thread, `${page}offset="${query.offset}" `, posts);
}

/** thread.php with onlyPID */
export function onePostXml(state: State, seed: number, thread: Thread, pid: number): string {
  const posts = state.visiblePosts(thread).filter((post) => post.pid === pid);
  return threadDocument(state, seed, thread, "", posts);
}

function threadDocument(state: State, seed: number, thread: Thread, attributes: string, posts: Post[]): string {
  const [first] = thread.posts;
  const icon = first?.icon ? `<icon id="${first.icon}" />` : "";
  const opening = first ? `<firstpost>${postLine(state, first, icon)}</firstpost>` : "";
  const place = `<in-thread id="${thread.tid}">${cdata(titleAt(thread, state.now))}</in-thread><in-board id="${homeAt(thread, state.now).bid}" />`;
  const list = posts.map((post) => postXml(state, seed, post, place)).join("");
  return `${declaration}<thread  ${schema} id="${thread.tid}">${threadHead(state, thread)}${opening}<posts ${attributes}count="${posts.length}">${list}</posts></thread>`;
}

function postXml(state: State, seed: number, post: Post, place: string): string {
  const { person } = post;
  const isHidden = state.isTextHidden(post);
  const group = person.gid === null ? "" : ` group-id="${person.gid}"`;
  const content = isHidden ? "" : contentOf(seed, post, state.now);
  const { avatar } = person;
  return (
    `<post id="${post.pid}"${isHidden ? ' is-hidden="texthidden"' : ""}><user id="${person.uid}"${group}${person.isBanned ? ' locked="1"' : ""}>${cdata(nameAt(person, post.time))}</user>` +
    `${date(post.time)}<message>\n      ${editedXml(state, post)}\n` +
    // PHP treats "0" as empty.
    `      <content>${content === "0" ? "" : cdata(content)}</content>\n      <title>${cdata(isHidden ? "" : post.title)}</title>\n    </message>` +
    (avatar ? `<avatar id="${avatar.avid}">${cdata(avatar.path)}</avatar>` : "<avatar></avatar>") +
    `${post.icon ? `<icon id="${post.icon}">${picture(post.icon)}</icon>` : ""}${place}</post>`
  );
}

function editedXml(state: State, post: Post): string {
  const edits = post.edits.length === 0 ? 0 : post.edits.filter((edit) => edit.time <= state.now).length;
  const last = post.edits[edits - 1];
  if (!last) return `<edited count="0"></edited>`;
  return `<edited count="${edits}"><lastedit>\n        ${user(last.person, last.time)}\n        ${date(last.time)}\n      </lastedit></edited>`;
}
