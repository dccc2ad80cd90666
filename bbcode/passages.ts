/** What other people quote of somebody: quote tags lose the name and the passage, and stay quotes of that post. */
import { finder } from "./finder.ts";
import { wordsOf, windows } from "./words.ts";

export interface QuoteTag {
  closing: boolean;
  /** The quoted post; null where none is named. */
  pid: number | null;
  /** What may be the quoted user's name. */
  names: string[];
  start: number;
  /** Where the name stands: behind the second comma, or behind the `=` of a tag that names no post. */
  name: number;
  /** Where the name ends: the tag's `]`; the end of the text if there is none. */
  nameEnd: number;
  end: number;
}

const maximumPid = 2 ** 31 - 1;
const withPid = /^[^,]*, *(\d+) *, */;

/** The name alone: without spaces and quotation marks around it. */
const bare = (name: string): string =>
  name
    .trim()
    .replace(/^(["'])(.*)\1$/s, "$2")
    .trim();

/** Characters of an argument that may still be somebody's name and a few numbers. */
const longestArgument = 500;

/** The parts of an argument that may be a name: all of it, what follows two commas, and the first parts between commas. */
function possibleNames(argument: string): string[] {
  if (argument.length > longestArgument) return [];
  const parts = argument.split(",");
  return [...new Set([argument, parts.slice(2).join(","), ...parts.slice(0, 4)].map(bare))].filter(
    (name) => name !== "",
  );
}

/** All quote tags in order; a name in quotation marks may hold brackets. The last one may lack its `]`: then it is text to a reader, but holds a name. */
export function quoteTags(content: string): QuoteTag[] {
  const tags: QuoteTag[] = [];
  const closed = { '"': finder(content, '"]'), "'": finder(content, "']") };
  const bracket = finder(content, "]");
  const pattern = /\[(\/?)quote([\]=])/gi;
  for (let match = pattern.exec(content); match; match = pattern.exec(content)) {
    const [start, begin] = [match.index, pattern.lastIndex];
    const closing = match[1] === "/";
    if (match[2] === "]") {
      tags.push({ closing, pid: null, names: [], start, name: begin - 1, nameEnd: begin - 1, end: begin });
      continue;
    }
    if (closing) continue;
    const first = bracket(begin);
    let end = first === -1 ? content.length : first;
    const argument = withPid.exec(content.slice(begin, end));
    const name = begin + (argument?.[0].length ?? 0);
    const mark = content[name];
    if (first !== -1 && (mark === '"' || mark === "'")) {
      const at = closed[mark](name + 1);
      if (at !== -1) end = at + 1;
    }
    const pid = argument && Number(argument[1]) <= maximumPid ? Number(argument[1]) : null;
    tags.push({
      closing,
      pid,
      // The end of a tag without `]` is not known, nor the name's.
      names: first === -1 ? [] : possibleNames(content.slice(name, end)),
      start,
      name,
      nameEnd: end,
      end: first === -1 ? end : end + 1,
    });
    pattern.lastIndex = end;
  }
  return tags;
}

/** The posts that a text quotes, at any depth. */
export const quotedIn = (content: string): number[] => [
  ...new Set(quoteTags(content).flatMap(({ pid }) => (pid === null ? [] : [pid]))),
];

/** The closing tag of each quote that has one: it closes the innermost open quote. */
export function pairs(tags: QuoteTag[]): Map<QuoteTag, QuoteTag> {
  const open: QuoteTag[] = [];
  const ends = new Map<QuoteTag, QuoteTag>();
  for (const tag of tags) {
    if (!tag.closing) open.push(tag);
    else {
      const opened = open.pop();
      if (opened) ends.set(opened, tag);
    }
  }
  return ends;
}

export interface Known {
  /** Whether this is a forgotten user's name, in a tag that quotes this post or none. */
  isName?: (name: string, pid: number | null) => boolean;
  /** What the quoted post said, where that is still known. */
  textOf?: (pid: number) => string | undefined;
}

/**
 * The text without the names and passages of the quotes of these posts; what is not quoted of them stays as it is, and so do
 * all quote tags. Where the passage of a quote that is never closed ends, only the quoted post can tell: without it, all
 * text up to the end goes that is in nobody else's quote. Doing it again changes nothing, whatever is still known then.
 */
export function withoutPassages(content: string, isForgotten: (pid: number) => boolean, known: Known = {}): string {
  const { isName = () => false, textOf = () => undefined } = known;
  const tags = quoteTags(content);
  const ends = pairs(tags);
  const concerns = (tag: QuoteTag) =>
    !tag.closing && ((tag.pid !== null && isForgotten(tag.pid)) || tag.names.some((name) => isName(name, tag.pid)));
  const forgotten = tags.filter(concerns);
  if (forgotten.length === 0) return content;
  const isTheirs = new Set(forgotten);
  const unclosed = forgotten.filter((tag) => !ends.has(tag)).values();
  let nextUnclosed = unclosed.next().value;
  /** Text outside of quotes goes up to there. */
  let goesUntil = 0;
  let closedUntil = 0;
  let from = 0;
  let text = "";
  const copyTo = (to: number) => {
    const keptFrom = from < closedUntil ? from : Math.max(from, goesUntil);
    text += content.slice(keptFrom, Math.max(keptFrom, to));
    from = to;
  };
  for (const tag of tags) {
    if (tag.start < from) continue;
    copyTo(tag.start);
    const closing = ends.get(tag);
    if (closing && closing.end > closedUntil) closedUntil = closing.end;
    from = closing && isTheirs.has(tag) ? closing.start : tag.end;
    text += isTheirs.has(tag) ? withoutName(content, tag) : content.slice(tag.start, tag.end);
    if (!closing && isTheirs.has(tag)) {
      nextUnclosed = unclosed.next().value;
      goesUntil = passageEnd(content, tag, nextUnclosed?.start ?? content.length, textOf);
    }
  }
  copyTo(content.length);
  return text;
}

function withoutName(content: string, { start, name, nameEnd, end }: QuoteTag): string {
  if (end === nameEnd) return content.slice(start, name);
  // An empty argument stays one, or the tag would mean something else to the statistics.
  return (
    content.slice(start, name) + (content.slice(name, nameEnd).trim() === "" ? "" : '""') + content.slice(nameEnd, end)
  );
}

/** With spaces in place of tags, so that nothing moves. */
const withoutTags = (content: string) => content.replace(/\[[^\]\n]{0,300}\]/g, (tag) => " ".repeat(tag.length));

/** Words in a row that tell a passage from chance, where both texts belong together anyway. */
const fewWords = 4;

/** Where the last words stand that the quoted post says too; `limit` where that cannot be told. */
function passageEnd(
  content: string,
  tag: QuoteTag,
  limit: number,
  textOf: (pid: number) => string | undefined,
): number {
  // Without a name the passage went before, and what follows is not quoted.
  const unknown = bare(content.slice(tag.name, tag.nameEnd)) === "" ? tag.end : limit;
  const said = wordsOf(withoutTags((tag.pid !== null && textOf(tag.pid)) || ""));
  if (said.length === 0) return unknown;
  const length = Math.min(fewWords, said.length);
  const known = new Set(windows(said, length));
  const words = wordsOf(withoutTags(content.slice(tag.end, limit)));
  const last = windows(words, length).findLastIndex((window) => known.has(window));
  if (last === -1) return unknown;
  const end = tag.end + (words[last + length - 1]?.end ?? 0);
  // What closes a tag or a sentence.
  return (
    end + (/^(?:\[\/?\w+\]|[^\s\p{L}\p{N}[])*/u.exec(content.slice(end, Math.min(limit, end + 100)))?.[0].length ?? 0)
  );
}
