/** The forum's XML: bytes → neutral records. Pure; knows nothing of HTTP or tables. Elements are read by name, in any order. */
import { XMLParser } from "fast-xml-parser";
import { assertWellFormed } from "./well-formed.ts";

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
}

/** Largest id that fits the tables' `int`. */
export const maxId = 2_147_483_647;

type Node = Record<string, unknown>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  // Character references inside CDATA are text, and outside of it the forum sends none: nothing is ever expanded.
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

// Raw NUL occurs (thread 215167, page 31), other characters that XML forbids as well.
// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** Bytes → text that XML and PostgreSQL accept: UTF-8 whatever the header says, forbidden characters dropped, line ends LF. */
export function decodeXml(bytes: Uint8Array): string {
  return new TextDecoder("utf-8").decode(bytes).replace(forbidden, "").replace(/\r\n?/g, "\n");
}

/**
 * Reads any document of the XML API.
 * @throws BrokenDocument
 */
export function parseForumXml(bytes: Uint8Array): ForumDocument {
  const xml = decodeXml(bytes);
  const root = assertWellFormed(xml, (message) => new BrokenDocument(message));
  let parsed: unknown;
  try {
    parsed = parser.parse(xml);
  } catch (error) {
    throw new BrokenDocument(`not readable as XML: ${String(error)}`);
  }
  const top = isNode(parsed) ? parsed[root] : undefined;
  if (!isNode(top)) return { kind: "refusal", root };
  if (root === "categories") return boardsDocument(top);
  if (root === "board") return boardDocument(top);
  if (root === "thread") return threadDocument(top);
  return { kind: "refusal", root };
}

function boardsDocument(top: Node): BoardsDocument {
  const document: BoardsDocument = { kind: "categories", categories: [], boards: [], problems: [] };
  for (const category of children(top, "category")) {
    const cid = id(category["@id"]);
    if (cid === null) {
      document.problems.push(`category with id ${show(category["@id"])} skipped`);
      continue;
    }
    document.categories.push({ cid, name: text(category.name), description: text(category.description) });
    for (const board of children(child(category, "boards"), "board")) {
      const bid = id(board["@id"]);
      if (bid === null) {
        document.problems.push(`board with id ${show(board["@id"])} skipped`);
        continue;
      }
      document.boards.push({
        bid,
        cid,
        name: text(board.name),
        description: text(board.description),
        number_of_threads: counter(board, "number-of-threads"),
      });
    }
  }
  return document;
}

function boardDocument(top: Node): BoardDocument {
  const bid = id(top["@id"]);
  if (bid === null || !("threads" in top)) throw new BrokenDocument("a board without id or list of threads");
  const list = child(top, "threads");
  const document: BoardDocument = {
    kind: "board",
    bid,
    page: id(list["@page"]),
    number_of_threads: counter(top, "number-of-threads"),
    threads: [],
    entry_count: 0,
    problems: [],
  };
  for (const thread of children(list, "thread")) {
    document.entry_count++;
    const tid = id(thread["@id"]);
    if (tid === null) {
      document.problems.push(`board ${bid}: thread with id ${show(thread["@id"])} skipped`);
      continue;
    }
    const last = child(child(thread, "lastpost"), "post");
    const first = child(child(thread, "firstpost"), "post");
    document.threads.push({
      ...head(tid, thread),
      listed_last_post: seconds(child(last, "date")) ?? seconds(child(first, "date")),
    });
  }
  return document;
}

function threadDocument(top: Node): ThreadDocument {
  const tid = id(top["@id"]);
  if (tid === null || !("posts" in top)) throw new BrokenDocument("a thread without id or list of posts");
  const list = child(top, "posts");
  const document: ThreadDocument = {
    kind: "thread",
    thread: head(tid, top),
    page: id(list["@page"]),
    posts: [],
    entry_count: 0,
    skipped_count: 0,
    problems: [],
  };
  for (const node of children(list, "post")) {
    document.entry_count++;
    const pid = id(node["@id"]);
    if (pid === null) {
      document.skipped_count++;
      // On 2019-04-01 every answer held two joke posts with id 0: those are counted only.
      if (!/^0*$/.test(attribute(node["@id"])))
        document.problems.push(`thread ${tid}: post with id ${show(node["@id"])} skipped`);
      continue;
    }
    document.posts.push(post(tid, pid, node, document.problems));
  }
  return document;
}

function post(tid: number, pid: number, node: Node, problems: string[]): Post {
  const message = child(node, "message");
  const edited = child(message, "edited");
  const edit_count = count(edited["@count"]) ?? 0;
  const lastEdit = child(edited, "lastedit");
  const avatar = child(node, "avatar");
  const avid = id(avatar["@id"]);
  const hidden = attribute(node["@is-hidden"]);
  if (hidden && !["texthidden", "hidden", "0", "1"].includes(hidden))
    problems.push(`thread ${tid}: post ${pid} is hidden in an unknown way, "${hidden}"`);
  const poster = userTag(node.user);
  if (poster.uid === null)
    problems.push(
      `thread ${tid}: post ${pid} has the user id ${show(child(node, "user")["@id"])}, its poster is left out`,
    );
  return {
    pid,
    poster,
    timestamp: seconds(child(node, "date")),
    edit_count,
    last_edit:
      edit_count > 0 && "lastedit" in edited
        ? { user: userTag(lastEdit.user), timestamp: seconds(child(lastEdit, "date")) }
        : null,
    is_hidden: hidden !== "" && hidden !== "0",
    title: text(message.title) || null,
    content: text(message.content) || null,
    avatar: avid === null ? null : { avid, path: text(node.avatar) },
    icon_id: id(child(node, "icon")["@id"]),
  };
}

function head(tid: number, node: Node): ThreadHead {
  const flags = child(node, "flags");
  const flag = (name: string) => attribute(child(flags, name)["@value"]) === "1";
  return {
    tid,
    bid: id(child(node, "in-board")["@id"]),
    title: text(node.title),
    subtitle: text(node.subtitle),
    hit_count: counter(node, "number-of-hits"),
    est_number_of_replies: counter(node, "number-of-replies"),
    is_closed: flag("is-closed"),
    is_sticky: flag("is-sticky"),
    is_important: flag("is-important"),
    is_announcement: flag("is-announcement"),
    is_global: flag("is-global"),
  };
}

function userTag(node: unknown): UserTag {
  const tag = isNode(node) ? node : {};
  return { uid: id(tag["@id"]), name: text(node) || null, gid: id(tag["@group-id"]) };
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

/** The first child of that name, or an empty node. */
function child(node: Node, name: string): Node {
  const found = node[name];
  const first = Array.isArray(found) ? found[0] : found;
  return isNode(first) ? first : {};
}

/** All children of that name. One without attributes and children arrives as a string: it is an empty node. */
function children(node: Node, name: string): Node[] {
  const found = node[name];
  if (found === undefined) return [];
  return (Array.isArray(found) ? found : [found]).map((one: unknown) => (isNode(one) ? one : {}));
}

/** An element's own text. Spaces between its children are not text: only leaves are asked. */
function text(node: unknown): string {
  const first: unknown = Array.isArray(node) ? node[0] : node;
  if (typeof first === "string") return first;
  return isNode(first) && typeof first["#text"] === "string" ? first["#text"] : "";
}

const attribute = (value: unknown) => (typeof value === "string" ? value : "");
const show = (value: unknown) => (typeof value === "string" ? `"${value.slice(0, 40)}"` : "missing");

/** An id of the forum: 1 to 2^31 - 1; everything else is none. */
function id(value: unknown): number | null {
  const number = count(value);
  return number === null || number === 0 ? null : number;
}

function count(value: unknown): number | null {
  const digits = attribute(value).trim();
  if (!/^\d{1,10}$/.test(digits)) return null;
  const number = Number(digits);
  return number <= maxId ? number : null;
}

/** `<name value='…' />`; counters can be negative (board 75: -439). */
function counter(node: Node, name: string): number | null {
  const digits = attribute(child(node, name)["@value"]).trim();
  if (!/^-?\d{1,10}$/.test(digits)) return null;
  const number = Number(digits);
  return Math.abs(number) <= maxId ? number : null;
}

/** Unix seconds of a `date`; those beyond the year 9999 are none. */
function seconds(date: Node): number | null {
  const digits = attribute(date["@timestamp"]).trim();
  if (!/^\d{1,12}$/.test(digits)) return null;
  const number = Number(digits);
  return number < 253_402_300_800 ? number : null;
}
