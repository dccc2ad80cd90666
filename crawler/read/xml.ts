/**
 * Parses the forum's XML into records, independent of HTTP and tables. Pure. Elements are read by name, in any order.
 */
import { attribute, type Element, parseElements } from "./elements.ts";
import { printable } from "./printable.ts";

export interface UserTag {
  uid: number | null;
  /** The nick as received; null if empty. */
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

/** The values of a thread that both board.php and thread.php have. */
export interface ThreadHead extends Flags {
  tid: number;
  bid: number | null;
  title: string;
  subtitle: string;
  hit_count: number | null;
  est_number_of_replies: number | null;
}

export interface ListedThread extends ThreadHead {
  /** Unix seconds of the last post, or of the opening post if it is the only one. */
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
  /** Raw BBCode as received, CR LF as LF; null for an empty element. */
  content: string | null;
  /** Code points of the text as received; set only if parts of it are missing from `content`. */
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
  /** Entries on the page, including skipped ones: it decides whether the page is full. */
  entry_count: number;
  problems: string[];
}

export interface ThreadDocument {
  kind: "thread";
  thread: ThreadHead;
  page: number | null;
  posts: Post[];
  /** Entries on the page, including skipped ones: it decides whether the page is full. */
  entry_count: number;
  skipped_count: number;
  problems: string[];
}

/** A document that consists of its root only, such as `<no-access />`: the forum's way to refuse. */
export interface Refusal {
  kind: "refusal";
  root: string;
}

export type ForumDocument = BoardsDocument | BoardDocument | ThreadDocument | Refusal;

/** The bytes are not a document of this forum: truncated, HTML, not well-formed, or without required elements. */
export class BrokenDocumentError extends Error {
  override name = "BrokenDocumentError";
  constructor(message: string) {
    super(printable(message));
  }
}

/** Largest id that fits the tables' `int`. */
export const maxId = 2_147_483_647;

/** Maximum number of entries on a page. The forum's pages have 30, and its list of boards has 64. */
const maxEntries = 10_000;

/** Maximum number of problems that are reported for a page. */
const maxProblems = 20;

// Raw NUL occurs (thread 215167, page 31), and so do other characters that XML forbids.
// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

const utf8 = new TextDecoder("utf-8");

/**
 * Decodes bytes as UTF-8, ignoring the header, without characters that XML or PostgreSQL forbid; line ends become LF.
 */
export function decodeXml(bytes: Uint8Array): string {
  return utf8.decode(bytes).replace(forbidden, "").replace(/\r\n?/g, "\n");
}

/**
 * Reads any document of the XML API.
 * @throws BrokenDocumentError
 */
export function parseForumXml(bytes: Uint8Array): ForumDocument {
  const root = parseElements(decodeXml(bytes), (message) => new BrokenDocumentError(message));
  if (root.children.length > 0 || Object.keys(root.attributes).length > 0) {
    if (root.name === "categories") return boardsDocument(root);
    if (root.name === "board") return boardDocument(root);
    if (root.name === "thread") return threadDocument(root);
  }
  return { kind: "refusal", root: printable(root.name) };
}

function boardsDocument(top: Element): BoardsDocument {
  const document: BoardsDocument = { kind: "categories", categories: [], boards: [], problems: [] };
  for (const category of children(top, "category")) {
    const cid = id(category);
    if (cid === null) {
      report(document.problems, `category with id ${show(category)} skipped`);
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
        report(document.problems, `board with id ${show(board)} skipped`);
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
  if (document.boards.length > maxEntries) throw new BrokenDocumentError(`a list of ${document.boards.length} boards`);
  return document;
}

function boardDocument(top: Element): BoardDocument {
  const bid = id(top);
  if (bid === null || !has(top, "threads")) throw new BrokenDocumentError("a board without an id or a list of threads");
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
      report(document.problems, `board ${bid}: thread with id ${show(thread)} skipped`);
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
  if (tid === null || !has(top, "posts")) throw new BrokenDocumentError("a thread without an id or a list of posts");
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
      // On 2019-04-01 every response held two joke posts with id 0: they are counted, but not reported.
      if (!/^0*$/.test(attribute(node, "id") ?? ""))
        report(problems, `thread ${tid}: post with id ${show(node)} skipped`);
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
    checked(count(edited, "count"), attribute(edited, "count"), `${what}: number of edits`, problems) ?? 0;
  const lastEdit = child(edited, "lastedit");
  const avatar = child(node, "avatar");
  const avid = id(avatar);
  const hidden = attribute(node, "is-hidden") ?? "";
  if (hidden && !["texthidden", "hidden", "0", "1"].includes(hidden))
    report(problems, `${what} is hidden in an unknown way: "${printable(hidden)}"`);
  const poster = userTag(child(node, "user"));
  if (poster.uid === null) report(problems, `${what} has user id ${show(child(node, "user"))}; its poster is left out`);
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
  const checkedCounter = (name: string) =>
    checked(counter(node, name), attribute(child(node, name), "value"), `${what}: ${name}`, problems);
  return {
    tid,
    bid: id(child(node, "in-board")),
    title: text(child(node, "title")),
    subtitle: text(child(node, "subtitle")),
    hit_count: checkedCounter("number-of-hits"),
    est_number_of_replies: checkedCounter("number-of-replies"),
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

const noElement: Element = { name: "", attributes: {}, children: [], text: "" };

const has = (node: Element, name: string): boolean => node.children.some((inner) => inner.name === name);

/** The first child of that name, or an empty element. */
const child = (node: Element, name: string): Element => node.children.find((inner) => inner.name === name) ?? noElement;

/** @throws BrokenDocumentError if there are more entries than any page has */
function children(node: Element, name: string): Element[] {
  const matches = node.children.filter((inner) => inner.name === name);
  if (matches.length > maxEntries) throw new BrokenDocumentError(`${matches.length} times <${name}> in <${node.name}>`);
  return matches;
}

/** An element's own text. Only for leaves: other elements have white space between their children. */
const text = (node: Element): string => node.text;

/** The id of an element, for messages. */
const show = (node: Element): string => {
  const value = attribute(node, "id");
  return value === undefined ? "missing" : `"${printable(value.slice(0, 40))}"`;
};

/** Adds a problem to the report, up to the maximum. */
function report(problems: string[], problem: string): void {
  if (problems.length < maxProblems) problems.push(problem);
  else if (problems.length === maxProblems) problems.push(`${problem}; further problems of this page are not reported`);
}

/** Returns the value, and reports a problem if it is null although the document has one. @param raw as received */
function checked(value: number | null, raw: string | undefined, what: string, problems: string[]): number | null {
  if (value === null && raw !== undefined && raw.trim() !== "")
    report(problems, `${what}: "${printable(raw)}" is out of range, left out`);
  return value;
}

/** An id of the forum, 1 to 2^31 - 1; null for anything else. */
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

/** `<name value='…' />`, a signed 32-bit number: counters can be negative (board 75: -439). */
function counter(node: Element, name: string): number | null {
  const digits = (attribute(child(node, name), "value") ?? "").trim();
  if (!/^-?\d{1,10}$/.test(digits)) return null;
  const number = Number(digits);
  return number >= -maxId - 1 && number <= maxId ? number : null;
}

/**
 * Unix seconds of the `date` in an element; times after the year 9999, such as milliseconds, are reported and become
 * null.
 */
function time(node: Element, what: string, problems: string[]): number | null {
  const raw = attribute(child(node, "date"), "timestamp");
  const digits = (raw ?? "").trim();
  const number = /^\d{1,12}$/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY;
  return checked(number < 253_402_300_800 ? number : null, raw, `${what}: time`, problems);
}
