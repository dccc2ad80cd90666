/** What other people quote of somebody: quote tags lose the name and the passage, and stay quotes of that post. */
import { finder } from "./finder.ts";

interface QuoteTag {
  closing: boolean;
  /** The quoted post; null where none is named. */
  pid: number | null;
  start: number;
  /** Behind the second comma of the argument, where the name stands. */
  name: number;
  end: number;
}

/** All quote tags in order; a name in quotation marks may hold brackets. */
function quoteTags(content: string): QuoteTag[] {
  const tags: QuoteTag[] = [];
  const closed = { '"': finder(content, '"]'), "'": finder(content, "']") };
  const bracket = finder(content, "]");
  const pattern = /\[(\/?)quote([\]=])/gi;
  for (let match = pattern.exec(content); match; match = pattern.exec(content)) {
    const tag = { closing: match[1] === "/", pid: null, start: match.index, name: 0, end: pattern.lastIndex };
    if (match[2] === "]") {
      tags.push(tag);
      continue;
    }
    let end = bracket(tag.end);
    if (tag.closing || end === -1) continue;
    const argument = /^[^,]*, *(\d{1,10}) *, */.exec(content.slice(tag.end, end));
    const name = tag.end + (argument?.[0].length ?? 0);
    const mark = content[name];
    if (argument && (mark === '"' || mark === "'")) {
      const at = closed[mark](name + 1);
      if (at !== -1) end = at + 1;
    }
    tags.push({ ...tag, pid: argument ? Number(argument[1]) : null, name, end: end + 1 });
    pattern.lastIndex = end + 1;
  }
  return tags;
}

/** The posts that a text quotes, at any depth. */
export const quotedIn = (content: string): number[] => [
  ...new Set(quoteTags(content).flatMap(({ pid }) => (pid === null ? [] : [pid]))),
];

/** The text without the names and passages of the quotes of these posts; what is not quoted of them stays as it is. */
export function withoutPassages(content: string, isForgotten: (pid: number) => boolean): string {
  const open: QuoteTag[] = [];
  const ends = new Map<QuoteTag, QuoteTag>();
  const tags = quoteTags(content);
  for (const tag of tags) {
    if (!tag.closing) open.push(tag);
    else {
      const opened = open.pop();
      if (opened) ends.set(opened, tag);
    }
  }
  let text = "";
  let from = 0;
  for (const tag of tags) {
    if (tag.start < from || tag.pid === null || !isForgotten(tag.pid)) continue;
    text += `${content.slice(from, tag.name)}""]`;
    from = ends.get(tag)?.start ?? tag.end;
  }
  return text + content.slice(from);
}
