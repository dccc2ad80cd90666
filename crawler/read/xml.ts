/** The forum's XML: bytes → neutral records. Pure; knows nothing of HTTP or tables. Elements are read by name, in any order. */
import { attribute, type Element, parseElements } from "./elements.ts";
import { shown } from "./shown.ts";

export interface UserTag {
  uid: number | null;
  /** The nick as received; NULL where it is empty. */
  name: string | null;
  gid: number | null;
}

export interface Flags {
  is_closed: boolean;
  is_sticky: boolean;
  is_important: boolean;
  is_announcement: boolean;
  is_global: boolean;
}

/** What board.php and thread.php both say of a thread. */
export interface ThreadHead extends Flags {
  tid: number;
  bid: number | null;
  title: string;
  subtitle: string;
  hit_count: number | null;
  est_number_of_replies: number | null;
}

export interface ListedThread extends ThreadHead {
  /** Unix seconds of the last post, else of the opening post. */
  listed_last_post: number | null;
}

export interface Post {
  pid: number;
  poster: UserTag;
  /** Unix seconds. */
  timestamp: number | null;
  edit_count: number;
  last_edit: { user: UserTag; timestamp: number | null } | null;
  is_hidden: boolean;
  title: string | null;
  /** Raw BBCode as received, CR LF as LF; NULL for an empty element. */
  content: string | null;
  /** Where it is not that of `content`: the text was left out. */
  content_length?: number;
  avatar: { avid: number; path: string } | null;
  icon_id: number | null;
}

export interface Board {
  bid: number;
  cid: number | null;
  name: string;
  description: string;
  number_of_threads: number | null;
}

export interface Category {
  cid: number;
  name: string;
  description: string;
}

export interface BoardsDocument {
  kind: "categories";
  categories: Category[];
  boards: Board[];
  problems: string[];
}

export interface BoardDocument {
  kind: "board";
  bid: number;
  page: number | null;
  number_of_threads: number | null;
  threads: ListedThread[];
  /** Entries on the page, also those that were skipped: decides whether the page is full. */
  entry_count: number;
  problems: string[];
}

export interface ThreadDocument {
  kind: "thread";
  thread: ThreadHead;
  page: number | null;
  posts: Post[];
  /** Entries on the page, also those that were skipped: decides whether the page is full. */
  entry_count: number;
  skipped_count: number;
  problems: string[];
}

/** A document that is a root and nothing else, such as `<no-access />`: the forum's way to say no. */
export interface Refusal {
  kind: "refusal";
  root: string;
}

export type ForumDocument = BoardsDocument | BoardDocument | ThreadDocument | Refusal;

/** The bytes are no document of this forum: cut off, HTML, not well-formed, or without what every document has. */
export class BrokenDocument extends Error {
  override name = "BrokenDocument";
  constructor(message: string) {
    super(shown(message));
  }
}

/** Largest id that fits the tables' `int`. */
export const maxId = 2_147_483_647;

/** Entries of a page at most. The forum's have 30, and a list of all boards has 64. */
const mostEntries = 10_000;

/** Problems of a page that are told. */
const mostProblems = 20;

// Raw NUL occurs (thread 215167, page 31), other characters that XML forbids as well.
// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

const utf8 = new TextDecoder("utf-8");

/** Bytes → text that XML and PostgreSQL accept: UTF-8 whatever the header says, forbidden characters dropped, line ends LF. */
export function decodeXml(bytes: Uint8Array): string {
  return utf8.decode(bytes).replace(forbidden, "").replace(/\r\n?/g, "\n");
}

/**
 * Reads any document of the XML API.
 * @throws BrokenDocument
 */
export function parseForumXml(bytes: Uint8Array): ForumDocument {
  const root = parseElements(decodeXml(bytes), (message) => new BrokenDocument(message));
  if (root.children.length > 0 || Object.keys(root.attributes).length > 0) {
    if (root.name === "categories") return boardsDocument(root);
    if (root.name === "board") return boardDocument(root);
    if (root.name === "thread") return threadDocument(root);
  }
  return { kind: "refusal", root: shown(root.name) };
}

function boardsDocument(top: Element): BoardsDocument {
  const document: BoardsDocument = { kind: "categories", categories: [], boards: [], problems: [] };
  for (const category of children(top, "category")) {
    const cid = id(category);
    if (cid === null) {
      tell(document.problems, `category with id ${show(category)} skipped`);
      continue;
    }
    document.categories.push({
      cid,
      name: text(child(category, "name")),
      description: text(child(category, "description")),
    });
    for (const board of children(child(category, "boards"), "board")) {
      const bid = id(board);
      if (bid === null) {
        tell(document.problems, `board with id ${show(board)} skipped`);
        continue;
      }
      document.boards.push({
        bid,
        cid,
        name: text(child(board, "name")),
        description: text(child(board, "description")),
        number_of_threads: counter(board, "number-of-threads"),
      });
    }
  }
  if (document.boards.length > mostEntries) throw new BrokenDocument(`a list of ${document.boards.length} boards`);
  return document;
}

function boardDocument(top: Element): BoardDocument {
  const bid = id(top);
  if (bid === null || !has(top, "threads")) throw new BrokenDocument("a board without id or list of threads");
  const list = child(top, "threads");
  const document: BoardDocument = {
    kind: "board",
    bid,
    page: id(list, "page"),
    number_of_threads: counter(top, "number-of-threads"),
    threads: [],
    entry_count: 0,
    problems: [],
  };
  for (const thread of children(list, "thread")) {
    document.entry_count++;
    const tid = id(thread);
    if (tid === null) {
      tell(document.problems, `board ${bid}: thread with id ${show(thread)} skipped`);
      continue;
    }
    const what = `board ${bid}: thread ${tid}`;
    const last = child(child(thread, "lastpost"), "post");
    const first = child(child(thread, "firstpost"), "post");
    document.threads.push({
      ...head(tid, thread, what, document.problems),
      listed_last_post: time(last, what, document.problems) ?? time(first, what, document.problems),
    });
  }
  return document;
}

function threadDocument(top: Element): ThreadDocument {
  const tid = id(top);
  if (tid === null || !has(top, "posts")) throw new BrokenDocument("a thread without id or list of posts");
  const list = child(top, "posts");
  const problems: string[] = [];
  const document: ThreadDocument = {
    kind: "thread",
    thread: head(tid, top, `thread ${tid}`, problems),
    page: id(list, "page"),
    posts: [],
    entry_count: 0,
    skipped_count: 0,
    problems,
  };
  for (const node of children(list, "post")) {
    document.entry_count++;
    const pid = id(node);
    if (pid === null) {
      document.skipped_count++;
      // On 2019-04-01 every answer held two joke posts with id 0: those are counted only.
      if (!/^0*$/.test(attribute(node, "id") ?? ""))
        tell(problems, `thread ${tid}: post with id ${show(node)} skipped`);
      continue;
    }
    document.posts.push(post(tid, pid, node, problems));
  }
  return document;
}

function post(tid: number, pid: number, node: Element, problems: string[]): Post {
  const what = `thread ${tid}: post ${pid}`;
  const message = child(node, "message");
  const edited = child(message, "edited");
  const edit_count =
    told(count(edited, "count"), attribute(edited, "count"), `${what}: number of edits`, problems) ?? 0;
  const lastEdit = child(edited, "lastedit");
  const avatar = child(node, "avatar");
  const avid = id(avatar);
  const hidden = attribute(node, "is-hidden") ?? "";
  if (hidden && !["texthidden", "hidden", "0", "1"].includes(hidden))
    tell(problems, `${what} is hidden in an unknown way, "${shown(hidden)}"`);
  const poster = userTag(child(node, "user"));
  if (poster.uid === null)
    tell(problems, `${what} has the user id ${show(child(node, "user"))}, its poster is left out`);
  return {
    pid,
    poster,
    timestamp: time(node, what, problems),
    edit_count,
    last_edit:
      edit_count > 0 && has(edited, "lastedit")
        ? { user: userTag(child(lastEdit, "user")), timestamp: time(lastEdit, what, problems) }
        : null,
    is_hidden: hidden !== "" && hidden !== "0",
    title: text(child(message, "title")) || null,
    content: text(child(message, "content")) || null,
    avatar: avid === null ? null : { avid, path: text(child(node, "avatar")) },
    icon_id: id(child(node, "icon")),
  };
}

function head(tid: number, node: Element, what: string, problems: string[]): ThreadHead {
  const flags = child(node, "flags");
  const flag = (name: string) => attribute(child(flags, name), "value") === "1";
  const toldCounter = (name: string) =>
    told(counter(node, name), attribute(child(node, name), "value"), `${what}: ${name}`, problems);
  return {
    tid,
    bid: id(child(node, "in-board")),
    title: text(child(node, "title")),
    subtitle: text(child(node, "subtitle")),
    hit_count: toldCounter("number-of-hits"),
    est_number_of_replies: toldCounter("number-of-replies"),
    is_closed: flag("is-closed"),
    is_sticky: flag("is-sticky"),
    is_important: flag("is-important"),
    is_announcement: flag("is-announcement"),
    is_global: flag("is-global"),
  };
}

function userTag(tag: Element): UserTag {
  return { uid: id(tag), name: text(tag) || null, gid: id(tag, "group-id") };
}

const nothing: Element = { name: "", attributes: {}, children: [], text: "" };

const has = (node: Element, name: string): boolean => node.children.some((one) => one.name === name);

/** The first child of that name, or an empty one. */
const child = (node: Element, name: string): Element => node.children.find((one) => one.name === name) ?? nothing;

/** @throws BrokenDocument where there are more than on any page */
function children(node: Element, name: string): Element[] {
  const found = node.children.filter((one) => one.name === name);
  if (found.length > mostEntries) throw new BrokenDocument(`${found.length} times <${name}> in <${node.name}>`);
  return found;
}

/** An element's own text. Spaces between its children are not text: only leaves are asked. */
const text = (node: Element): string => node.text;

const show = (node: Element): string => {
  const value = attribute(node, "id");
  return value === undefined ? "missing" : `"${shown(value.slice(0, 40))}"`;
};

/** Keeps a problem to be told. */
function tell(problems: string[], problem: string): void {
  if (problems.length < mostProblems) problems.push(problem);
  else if (problems.length === mostProblems) problems.push(`${problem}; what else is wrong with this page is not told`);
}

/** The value, once it was told if it is unknown because it cannot be. @param raw as it stands in the document */
function told(value: number | null, raw: string | undefined, what: string, problems: string[]): number | null {
  if (value === null && raw !== undefined && raw.trim() !== "")
    tell(problems, `${what}: "${shown(raw)}" is out of range, left out`);
  return value;
}

/** An id of the forum: 1 to 2^31 - 1; everything else is none. */
function id(node: Element, name = "id"): number | null {
  const number = count(node, name);
  return number === null || number === 0 ? null : number;
}

function count(node: Element, name: string): number | null {
  const digits = (attribute(node, name) ?? "").trim();
  if (!/^\d{1,10}$/.test(digits)) return null;
  const number = Number(digits);
  return number <= maxId ? number : null;
}

/** `<name value='…' />`, 32 bits with a sign: counters can be negative (board 75: -439). */
function counter(node: Element, name: string): number | null {
  const digits = (attribute(child(node, name), "value") ?? "").trim();
  if (!/^-?\d{1,10}$/.test(digits)) return null;
  const number = Number(digits);
  return number >= -maxId - 1 && number <= maxId ? number : null;
}

/** Unix seconds of the `date` in an element; those beyond the year 9999 are none, such as milliseconds, and told. */
function time(node: Element, what: string, problems: string[]): number | null {
  const raw = attribute(child(node, "date"), "timestamp");
  const digits = (raw ?? "").trim();
  const number = /^\d{1,12}$/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY;
  return told(number < 253_402_300_800 ? number : null, raw, `${what}: time`, problems);
}
