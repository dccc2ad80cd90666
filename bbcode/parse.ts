/**
 * What a post's BBCode says: quotes and links, for the statistics, and the poster's own text, for the search. One linear pass
 * reads the tags. Posts are full of broken markup; every rule below says what is meant then. Nothing here throws.
 */
import { readAddress } from "./address.ts";
import { finder } from "./finder.ts";
import { repair } from "./repair.ts";

export type LinkType = "link" | "image" | "video";

export interface PostLink {
  type: LinkType;
  url: string;
  domain: string;
  count: number;
}

export interface ParsedPost {
  /** Quoted pid → how often this post quotes it at the outermost level. */
  quotes: Map<number, number>;
  links: PostLink[];
  /** Outermost quotes with an argument that names no possible post. */
  malformedQuotes: number;
  /** Links whose host cannot be read. */
  unparsableLinks: number;
}

interface Tag {
  name: string;
  closing: boolean;
  /** What stands after `=`; undefined without. */
  argument: string | undefined;
  start: number;
  end: number;
  /** Of a quote that is closed: where it ends. */
  closedAt: number | undefined;
}

/** Which kinds of tags a post has, since most have few: what it lacks need not be looked for. */
interface Tags {
  tags: Tag[];
  hasQuotes: boolean;
  hasCode: boolean;
  hasLinks: boolean;
}

/** Tags of the forum, names without regard to case; what is not here stays as typed. */
const tagStart =
  /\[(?:(\/?)(quote|code|url|img|video|spoiler|trigger|table|list|tex|mod|[bisum])([\]=])|video (?:auto)?play\]|(\*|--|\|\|)\])/iy;
const takesArgument = new Set(["quote", "url", "img", "list"]);
/** Tags that part words; the others may stand inside one. */
const parts = new Set(["quote", "code", "img", "video", "table", "list", "*", "--", "||"]);
const linkTypes: Partial<Record<string, LinkType>> = { url: "link", img: "image", video: "video" };
const maximumPid = 2 ** 31 - 1;

/**
 * Quotes and links.
 * @param content raw BBCode
 * @param forum what stands before `/bb/…`, for relative addresses
 */
export function parsePost(content: string, forum: string): ParsedPost {
  const parsed: ParsedPost = { quotes: new Map(), links: [], malformedQuotes: 0, unparsableLinks: 0 };
  const { tags, hasQuotes, hasCode, hasLinks } = readTags(content);
  const visible = hasQuotes ? leaveOutQuotes(tags, (argument) => countQuote(argument, parsed)) : tags;
  if (hasLinks) collectLinks(content, hasCode ? leaveOutCode(visible).links : visible, forum, parsed);
  return parsed;
}

/** Text outside quotes, without tags, repaired for people. */
export function ownText(content: string): string {
  const { tags, hasQuotes, hasCode } = readTags(content);
  const visible = hasQuotes ? leaveOutQuotes(tags) : tags;
  return repair(textWithout(content, hasCode ? leaveOutCode(visible).kept : visible).trim());
}

/** Addresses of `[url=…]` outside quotes and code, as typed, repaired for people: the text shows what stands for them. */
export function linkedAddresses(content: string): string[] {
  const { tags, hasQuotes, hasCode, hasLinks } = readTags(content);
  if (!hasLinks) return [];
  const visible = hasQuotes ? leaveOutQuotes(tags) : tags;
  return (hasCode ? leaveOutCode(visible).links : visible).flatMap(({ name, argument }) =>
    name === "url" && argument !== undefined ? [repair(argument.replace(/^(["'])(.*)\1$/s, "$2").trim())] : [],
  );
}

/** All known tags in order. A tag's argument may hold brackets and is not searched for tags. */
function readTags(content: string): Tags {
  const found: Tags = { tags: [], hasQuotes: false, hasCode: false, hasLinks: false };
  let nextClosed: Finders | undefined;
  // Looking for brackets alone is much quicker than for what may follow them.
  for (let at = content.indexOf("["), next = 0; at !== -1; at = content.indexOf("[", next)) {
    tagStart.lastIndex = at;
    const match = tagStart.exec(content);
    next = match ? tagStart.lastIndex : at + 1;
    if (!match) continue;
    const name = (match[2] ?? match[4] ?? "video").toLowerCase();
    const tag: Tag = {
      name,
      closing: match[1] === "/",
      argument: undefined,
      start: at,
      end: next,
      closedAt: undefined,
    };
    if (match[3] === "=") {
      nextClosed ??= { '"': finder(content, '"]'), "'": finder(content, "']"), "": finder(content, "]") };
      const end = tag.closing || !takesArgument.has(name) ? -1 : argumentEnd(content, tag, nextClosed);
      if (end === -1) continue;
      tag.argument = content.slice(tag.end, end);
      tag.end = end + 1;
      next = tag.end;
    }
    found.tags.push(tag);
    if (name === "quote") found.hasQuotes = true;
    else if (name === "code") found.hasCode = true;
    else if (name in linkTypes) found.hasLinks = true;
  }
  return found;
}

type Finders = Record<'"' | "'" | "", (from: number) => number>;

/**
 * Where the `]` of a tag stands that has been read up to its `=`; -1 if nowhere. A quoted argument (after `=`, in a quote
 * also after a comma) ends at the first such mark followed by `]`; if there is none, the mark is an ordinary character.
 */
function argumentEnd(content: string, tag: Tag, nextClosed: Finders): number {
  const end = nextClosed[""](tag.end);
  if (end === -1) return -1;
  let begins = true;
  for (let at = tag.end; at < end; at++) {
    const character = content[at];
    if (begins && (character === '"' || character === "'")) {
      const closed = nextClosed[character](at + 1);
      if (closed !== -1) return closed + 1;
    }
    if (character !== " ") begins = character === "," && tag.name === "quote";
  }
  return end;
}

/**
 * The tags outside of quotes, one tag standing for each hidden passage. `[/quote]` closes the innermost open quote; a quote
 * that is never closed hides nothing and encloses nothing.
 * @param onQuote told the argument of each of the outermost quotes
 */
function leaveOutQuotes(tags: Tag[], onQuote?: (argument: string | undefined) => void): Tag[] {
  const open: Tag[] = [];
  for (const tag of tags) {
    if (tag.name !== "quote") continue;
    if (!tag.closing) {
      open.push(tag);
      continue;
    }
    const opened = open.pop();
    if (opened) opened.closedAt = tag.end;
  }
  const visible: Tag[] = [];
  let hiddenUntil = 0;
  for (const tag of tags) {
    if (tag.start < hiddenUntil) continue;
    const end = tag.closedAt;
    if (tag.name === "quote" && !tag.closing) onQuote?.(tag.argument);
    if (end !== undefined) hiddenUntil = end;
    visible.push(end === undefined ? tag : { ...tag, end });
  }
  return visible;
}

/** An edge needs tid, pid and name; the tid is not checked. */
function countQuote(argument: string | undefined, parsed: ParsedPost): void {
  if (argument === undefined) return;
  const first = argument.indexOf(",");
  const second = first === -1 ? -1 : argument.indexOf(",", first + 1);
  const typedPid = second === -1 ? "" : argument.slice(first + 1, second);
  const pid = /^ *\d+ *$/.test(typedPid) ? Number(typedPid) : 0;
  const [tid, name] = [argument.slice(0, Math.max(first, 0)), argument.slice(second + 1)];
  if (pid < 1 || tid.trim() === "" || name.trim() === "" || pid > maximumPid) parsed.malformedQuotes++;
  else parsed.quotes.set(pid, (parsed.quotes.get(pid) ?? 0) + 1);
}

/** `[code]` up to the next `[/code]` hides links and keeps what looks like tags as typed; unclosed it hides nothing. */
function leaveOutCode(tags: Tag[]): { links: Tag[]; kept: Tag[] } {
  const closings: number[] = [];
  for (const [at, tag] of tags.entries()) if (tag.name === "code" && tag.closing) closings.push(at);
  const outside: Tag[] = [];
  const kept: Tag[] = [];
  let closing = 0;
  for (let at = 0; at < tags.length; at++) {
    const tag = tags[at] as Tag;
    outside.push(tag);
    kept.push(tag);
    if (tag.name !== "code" || tag.closing) continue;
    while (closing < closings.length && (closings[closing] as number) < at) closing++;
    const end = closings[closing];
    if (end === undefined) continue;
    // Quotes are not hidden by code: their passages, already folded into one tag, stay left out.
    for (at++; at < end; at++) if ((tags[at] as Tag).name === "quote") kept.push(tags[at] as Tag);
    kept.push(tags[end] as Tag);
  }
  return { links: outside, kept };
}

/** `[/url]`, `[/img]`, `[/video]` close the nearest open tag of their name; only `[url=…]` needs no closing. */
function collectLinks(content: string, tags: Tag[], forum: string, parsed: ParsedPost): void {
  const open: Record<LinkType, Tag[]> = { link: [], image: [], video: [] };
  const counted = new Map<string, PostLink>();
  const count = (type: LinkType, typed: string) => {
    const address = readAddress(typed, forum);
    if (address === "none") return;
    if (address === "unparsable") {
      parsed.unparsableLinks++;
      return;
    }
    const key = `${type} ${address.domain} ${address.url}`;
    const known = counted.get(key);
    if (known) known.count++;
    else counted.set(key, { type, ...address, count: 1 });
  };
  for (const tag of tags) {
    const type = linkTypes[tag.name];
    if (type === undefined) continue;
    if (!tag.closing) {
      if (tag.argument !== undefined && type === "link") count(type, tag.argument);
      if (tag.argument === undefined || type === "link") open[type].push(tag);
      continue;
    }
    const opened = open[type].pop();
    if (opened && opened.argument === undefined) count(type, content.slice(opened.end, tag.start));
  }
  parsed.links = [...counted.values()];
}

function textWithout(content: string, tags: Tag[]): string {
  let text = "";
  let from = 0;
  for (const tag of tags) {
    text += content.slice(from, tag.start);
    if (parts.has(tag.name)) text += " ";
    from = tag.end;
  }
  return text + content.slice(from);
}
