/**
 * Parses a post's BBCode: quotes and links for the statistics, the poster's own text for the search. One linear pass
 * reads the tags. Posts are full of broken markup, and every rule below says how it is read. Nothing here throws.
 */
import { readAddress } from "./address.ts";
import { createForwardSearch } from "./forward-search.ts";
import { repair } from "./repair.ts";

type LinkType = "link" | "image" | "video";

export interface PostLink {
  type: LinkType;
  url: string;
  domain: string;
  count: number;
}

export interface ParsedPost {
  /** Quoted pid → the number of outermost quotes of that post. */
  quotes: Map<number, number>;
  links: PostLink[];
  /** The number of outermost quotes whose argument does not name a post. */
  malformedQuotes: number;
  /** The number of links whose host cannot be parsed. */
  unparsableLinks: number;
}

interface Tag {
  name: string;
  closing: boolean;
  /** The text after `=`, if any. */
  argument: string | undefined;
  start: number;
  end: number;
  /** The end of a closed quote. */
  closedAt: number | undefined;
}

/** The tags of a post, and which kinds occur: most posts have few kinds, so most work can be skipped. */
interface Tags {
  tags: Tag[];
  hasQuotes: boolean;
  hasCode: boolean;
  hasLinks: boolean;
}

/** The forum's tags, case-insensitive. Anything else is text. */
const tagStart =
  /\[(?:(\/?)(quote|code|url|img|video|spoiler|trigger|table|list|tex|mod|[bisum])([\]=])|video (?:auto)?play\]|(\*|--|\|\|)\])/iy;
const takesArgument = new Set(["quote", "url", "img", "list"]);
/** Tags that separate words. Others may occur inside a word. */
const separators = new Set(["quote", "code", "img", "video", "table", "list", "*", "--", "||"]);
const linkTypes: Partial<Record<string, LinkType>> = { url: "link", img: "image", video: "video" };
const maxPid = 2 ** 31 - 1;

/**
 * Finds quotes and links.
 * @param content raw BBCode
 * @param forum the base of relative addresses: what precedes `/bb/…`
 */
export function parsePost(content: string, forum: string): ParsedPost {
  const parsed: ParsedPost = { quotes: new Map(), links: [], malformedQuotes: 0, unparsableLinks: 0 };
  const { tags, hasQuotes, hasCode, hasLinks } = readTags(content);
  const visible = hasQuotes ? collapseQuotes(tags, (argument) => countQuote(argument, parsed)) : tags;
  if (hasLinks) collectLinks(content, hasCode ? collapseCode(visible).links : visible, forum, parsed);
  return parsed;
}

/** The text outside quotes, without tags, repaired for display. */
export function ownText(content: string): string {
  const { tags, hasQuotes, hasCode } = readTags(content);
  const visible = hasQuotes ? collapseQuotes(tags) : tags;
  return repair(textWithout(content, hasCode ? collapseCode(visible).kept : visible).trim());
}

/**
 * The addresses of `[url=…]` outside quotes and code, repaired for display. {@link ownText} has only their link texts.
 */
export function linkedAddresses(content: string): string[] {
  const { tags, hasQuotes, hasCode, hasLinks } = readTags(content);
  if (!hasLinks) return [];
  const visible = hasQuotes ? collapseQuotes(tags) : tags;
  return (hasCode ? collapseCode(visible).links : visible).flatMap(({ name, argument }) =>
    name === "url" && argument !== undefined ? [repair(argument.replace(/^(["'])(.*)\1$/s, "$2").trim())] : [],
  );
}

/** All tags in order. An argument may contain brackets and is not searched for tags. */
function readTags(content: string): Tags {
  const result: Tags = { tags: [], hasQuotes: false, hasCode: false, hasLinks: false };
  let nextClosed: ForwardSearches | undefined;
  // Searching for brackets alone is much faster than for whole tags.
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
      nextClosed ??= {
        '"': createForwardSearch(content, '"]'),
        "'": createForwardSearch(content, "']"),
        "": createForwardSearch(content, "]"),
      };
      const end = tag.closing || !takesArgument.has(name) ? -1 : argumentEnd(content, tag, nextClosed);
      if (end === -1) continue;
      tag.argument = content.slice(tag.end, end);
      tag.end = end + 1;
      next = tag.end;
    }
    result.tags.push(tag);
    if (name === "quote") result.hasQuotes = true;
    else if (name === "code") result.hasCode = true;
    else if (name in linkTypes) result.hasLinks = true;
  }
  return result;
}

type ForwardSearches = Record<'"' | "'" | "", (from: number) => number>;

/**
 * The position of the `]` that ends a tag read up to its `=`; -1 if there is none. An argument in quotation marks
 * (after `=`, and in quote tags after a comma) ends at the first such mark before a `]`; if there is none, the mark is
 * an ordinary character.
 */
function argumentEnd(content: string, tag: Tag, nextClosed: ForwardSearches): number {
  const end = nextClosed[""](tag.end);
  if (end === -1) return -1;
  let isStart = true;
  for (let at = tag.end; at < end; at++) {
    const character = content[at];
    if (isStart && (character === '"' || character === "'")) {
      const closed = nextClosed[character](at + 1);
      if (closed !== -1) return closed + 1;
    }
    if (character !== " ") isStart = character === "," && tag.name === "quote";
  }
  return end;
}

/**
 * The tags outside quotes, with a single tag for each quoted passage. `[/quote]` closes the innermost open quote. A
 * quote that is never closed hides nothing.
 * @param onQuote called with the argument of each outermost quote
 */
function collapseQuotes(tags: Tag[], onQuote?: (argument: string | undefined) => void): Tag[] {
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

/** Counts a quote. It is well-formed if it has a tid, a pid and a name; the tid is not checked. */
function countQuote(argument: string | undefined, parsed: ParsedPost): void {
  if (argument === undefined) return;
  const first = argument.indexOf(",");
  const second = first === -1 ? -1 : argument.indexOf(",", first + 1);
  const typedPid = second === -1 ? "" : argument.slice(first + 1, second);
  const pid = /^ *\d+ *$/.test(typedPid) ? Number(typedPid) : 0;
  const [tid, name] = [argument.slice(0, Math.max(first, 0)), argument.slice(second + 1)];
  if (pid < 1 || tid.trim() === "" || name.trim() === "" || pid > maxPid) parsed.malformedQuotes++;
  else parsed.quotes.set(pid, (parsed.quotes.get(pid) ?? 0) + 1);
}

/**
 * Between `[code]` and the next `[/code]`, tags are text and links are not counted. Unclosed `[code]` has no effect.
 */
function collapseCode(tags: Tag[]): { links: Tag[]; kept: Tag[] } {
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
    // Quotes inside code, each collapsed into one tag, are still removed from the text.
    for (at++; at < end; at++) if ((tags[at] as Tag).name === "quote") kept.push(tags[at] as Tag);
    kept.push(tags[end] as Tag);
  }
  return { links: outside, kept };
}

/** `[/url]`, `[/img]` and `[/video]` close the nearest open tag of that name. Only `[url=…]` needs no closing tag. */
function collectLinks(content: string, tags: Tag[], forum: string, parsed: ParsedPost): void {
  const open: Record<LinkType, Tag[]> = { link: [], image: [], video: [] };
  const links = new Map<string, PostLink>();
  const count = (type: LinkType, typed: string) => {
    const address = readAddress(typed, forum);
    if (address === "none") return;
    if (address === "unparsable") {
      parsed.unparsableLinks++;
      return;
    }
    const key = `${type} ${address.domain} ${address.url}`;
    const existing = links.get(key);
    if (existing) existing.count++;
    else links.set(key, { type, ...address, count: 1 });
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
  parsed.links = [...links.values()];
}

function textWithout(content: string, tags: Tag[]): string {
  let text = "";
  let from = 0;
  for (const tag of tags) {
    text += content.slice(from, tag.start);
    if (separators.has(tag.name)) text += " ";
    from = tag.end;
  }
  return text + content.slice(from);
}
