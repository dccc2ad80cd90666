/** Removes a user's name and quoted passages from other users' posts. The tags remain, as quotes of the same post. */
import { createForwardSearch } from "./forward-search.ts";
import { shingleHashes, wordsOf } from "./shingles.ts";

export interface QuoteTag {
  closing: boolean;
  /** The quoted post; null if the tag does not name one. */
  pid: number | null;
  /** Strings that may be the quoted user's name. */
  names: string[];
  start: number;
  /** Start of the name: after the second comma, or after the `=` of a tag that does not name a post. */
  nameStart: number;
  /** End of the name: the tag's `]`, or the end of the text if there is none. */
  nameEnd: number;
  end: number;
}

const maxPid = 2 ** 31 - 1;
const withPid = /^[^,]*, *(\d+) *, */;

/** A name without surrounding spaces and quotation marks. */
const withoutMarks = (name: string): string =>
  name
    .trim()
    .replace(/^(["'])(.*)\1$/s, "$2")
    .trim();

/** A longer argument cannot be a name and a few numbers. */
const maxArgument = 500;

/** Strings that may be a name: the whole argument, the text after two commas, and the first parts between commas. */
function possibleNames(argument: string): string[] {
  if (argument.length > maxArgument) return [];
  const parts = argument.split(",");
  return [...new Set([argument, parts.slice(2).join(","), ...parts.slice(0, 4)].map(withoutMarks))].filter(
    (name) => name !== "",
  );
}

/**
 * All quote tags in order. A name in quotation marks may contain brackets. The last tag may lack its `]`: readers see
 * it as text, but it still contains a name.
 */
export function quoteTags(content: string): QuoteTag[] {
  const tags: QuoteTag[] = [];
  const closed = { '"': createForwardSearch(content, '"]'), "'": createForwardSearch(content, "']") };
  const bracket = createForwardSearch(content, "]");
  const pattern = /\[(\/?)quote([\]=])/gi;
  for (let match = pattern.exec(content); match; match = pattern.exec(content)) {
    const [start, begin] = [match.index, pattern.lastIndex];
    const closing = match[1] === "/";
    if (match[2] === "]") {
      tags.push({ closing, pid: null, names: [], start, nameStart: begin - 1, nameEnd: begin - 1, end: begin });
      continue;
    }
    if (closing) continue;
    const first = bracket(begin);
    let end = first === -1 ? content.length : first;
    const argument = withPid.exec(content.slice(begin, end));
    const nameStart = begin + (argument?.[0].length ?? 0);
    const mark = content[nameStart];
    if (first !== -1 && (mark === '"' || mark === "'")) {
      const at = closed[mark](nameStart + 1);
      if (at !== -1) end = at + 1;
    }
    const pid = argument && Number(argument[1]) <= maxPid ? Number(argument[1]) : null;
    tags.push({
      closing,
      pid,
      // Without a `]`, the end of the name is unknown.
      names: first === -1 ? [] : possibleNames(content.slice(nameStart, end)),
      start,
      nameStart,
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

/** Opening quote tags → their closing tags. A closing tag closes the innermost open quote. */
export function pairTags(tags: QuoteTag[]): Map<QuoteTag, QuoteTag> {
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

interface Context {
  /** Whether this is the name of a forgotten user, in a tag that quotes this post (null: no post). */
  isName?: (name: string, pid: number | null) => boolean;
  /** The text of a quoted post, if it is still available. */
  textOf?: (pid: number) => string | undefined;
}

/**
 * Removes names and passages from quotes of forgotten posts. Everything else remains, including all quote tags. Where
 * the passage of an unclosed quote ends can only be determined by comparison with the quoted post. If that is
 * unavailable, all following text is removed, except other quotes. Idempotent, even if quoted posts become unavailable
 * in between.
 */
export function withoutPassages(content: string, isForgotten: (pid: number) => boolean, context: Context = {}): string {
  const { isName = () => false, textOf = () => undefined } = context;
  const tags = quoteTags(content);
  const ends = pairTags(tags);
  const quotesForgotten = (tag: QuoteTag) =>
    !tag.closing && ((tag.pid !== null && isForgotten(tag.pid)) || tag.names.some((name) => isName(name, tag.pid)));
  const forgotten = tags.filter(quotesForgotten);
  if (forgotten.length === 0) return content;
  const isForgottenTag = new Set(forgotten);
  const unclosed = forgotten.filter((tag) => !ends.has(tag)).values();
  let nextUnclosed = unclosed.next().value;
  /** Text outside quotes is removed up to here. */
  let removedTo = 0;
  let closedTo = 0;
  let from = 0;
  let text = "";
  const copyTo = (to: number) => {
    const start = from < closedTo ? from : Math.max(from, removedTo);
    text += content.slice(start, Math.max(start, to));
    from = to;
  };
  for (const tag of tags) {
    if (tag.start < from) continue;
    copyTo(tag.start);
    const closing = ends.get(tag);
    if (closing && closing.end > closedTo) closedTo = closing.end;
    from = closing && isForgottenTag.has(tag) ? closing.start : tag.end;
    text += isForgottenTag.has(tag) ? withoutName(content, tag) : content.slice(tag.start, tag.end);
    if (!closing && isForgottenTag.has(tag)) {
      nextUnclosed = unclosed.next().value;
      removedTo = passageEnd(content, tag, nextUnclosed?.start ?? content.length, textOf);
    }
  }
  copyTo(content.length);
  return text;
}

function withoutName(content: string, { start, nameStart, nameEnd, end }: QuoteTag): string {
  if (end === nameEnd) return content.slice(start, nameStart);
  // An empty argument remains empty: with `""`, the statistics would count the quote as well-formed.
  return (
    content.slice(start, nameStart) +
    (content.slice(nameStart, nameEnd).trim() === "" ? "" : '""') +
    content.slice(nameEnd, end)
  );
}

/** Replaces tags with spaces, which keeps all positions. */
const withoutTags = (content: string) => content.replace(/\[[^\]\n]{0,300}\]/g, (tag) => " ".repeat(tag.length));

/** The number of shared consecutive words that is not a coincidence in two related texts. */
const minSharedWords = 4;

/** The end of the last words that the quoted post contains as well; `limit` if the post is unavailable. */
function passageEnd(
  content: string,
  tag: QuoteTag,
  limit: number,
  textOf: (pid: number) => string | undefined,
): number {
  // Without a name, the passage has already been removed, and what follows is not quoted.
  const unknown = withoutMarks(content.slice(tag.nameStart, tag.nameEnd)) === "" ? tag.end : limit;
  const quoted = wordsOf(withoutTags((tag.pid !== null && textOf(tag.pid)) || ""));
  if (quoted.length === 0) return unknown;
  const length = Math.min(minSharedWords, quoted.length);
  const quotedHashes = new Set(shingleHashes(quoted, length));
  const words = wordsOf(withoutTags(content.slice(tag.end, limit)));
  const last = shingleHashes(words, length).findLastIndex((hash) => quotedHashes.has(hash));
  if (last === -1) return unknown;
  const end = tag.end + (words[last + length - 1]?.end ?? 0);
  // Includes what closes a tag or a sentence.
  return (
    end + (/^(?:\[\/?\w+\]|[^\s\p{L}\p{N}[])*/u.exec(content.slice(end, Math.min(limit, end + 100)))?.[0].length ?? 0)
  );
}
