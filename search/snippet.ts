/** Cuts and highlights what the poster wrote; the same for both engines. */
import { type Word, words } from "./fold.ts";
import type { Term } from "./syntax.ts";

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);

/** Characters around a hit, and of a snippet as a whole. */
const around = 90;
const longest = 360;

/** Whether `b` is `a` with one letter changed, added, left out or swapped with its neighbour. */
function isTypo(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}

/** Whether a word of the text is what a searched word found: the word itself, an inflection, a compound, or a typo. */
function matches(word: string, searched: string, { exact, prefix }: Term): boolean {
  if (word === searched) return true;
  if (prefix && word.startsWith(searched)) return true;
  if (exact || searched.length < 4) return false;
  const stem = searched.slice(0, Math.max(4, searched.length - 2));
  return (
    (word.startsWith(stem) && Math.abs(word.length - searched.length) <= 3) ||
    word.includes(searched) ||
    (searched.length >= 5 && isTypo(word, searched))
  );
}

/** The words of the text that are hits. */
function hitsIn(text: string, terms: Term[]): Word[] {
  const all = words(text);
  const hits = new Set<Word>();
  for (const term of terms) {
    if (term.excluded) continue;
    for (let at = 0; at + term.words.length <= all.length; at++) {
      const found = all.slice(at, at + term.words.length);
      if (term.words.every((searched, n) => matches(found[n]?.folded ?? "", searched, term)))
        for (const word of found) hits.add(word);
    }
  }
  return all.filter((word) => hits.has(word));
}

function marked(text: string, hits: Word[], from: number, to: number): string {
  let html = "";
  let at = from;
  for (const { start, end } of hits) {
    if (start < from || end > to) continue;
    html += `${escapeHtml(text.slice(at, start))}<strong>${escapeHtml(text.slice(start, end))}</strong>`;
    at = end;
  }
  return html + escapeHtml(text.slice(at, to));
}

/** The whole text as safe HTML with hits marked. */
export const highlight = (text: string, terms: Term[]): string => marked(text, hitsIn(text, terms), 0, text.length);

/** Moves a cut to the next gap between words, if one is near, and never into a character. */
function cutAt(text: string, position: number, step: 1 | -1): number {
  if (position <= 0) return 0;
  if (position >= text.length) return text.length;
  for (let at = position; at > 0 && at < text.length && Math.abs(at - position) < 30; at += step) {
    if (/\s/.test(text[at] ?? "")) return at;
  }
  const isLowSurrogate = (text.charCodeAt(position) & 0xfc00) === 0xdc00;
  return isLowSurrogate ? position + 1 : position;
}

/** A few lines around the best hits as safe HTML: everything escaped, only `<strong>` around hits, parts joined by " … ". */
export function snippet(text: string, terms: Term[]): string {
  const hits = hitsIn(text, terms);
  if (hits.length === 0) {
    const end = cutAt(text, longest, -1);
    return escapeHtml(text.slice(0, end).trim()) + (end < text.length ? " …" : "");
  }
  const parts: { from: number; to: number }[] = [];
  let length = 0;
  for (const hit of hits) {
    const last = parts.at(-1);
    const [from, to] = [cutAt(text, hit.start - around, 1), cutAt(text, hit.end + around, -1)];
    if (last && from <= last.to) {
      if (to > last.to && last.to - last.from < longest) last.to = to;
      continue;
    }
    if (length >= longest) break;
    parts.push({ from: Math.min(from, hit.start), to: Math.max(to, hit.end) });
    length += to - from;
  }
  const joined = parts.map(({ from, to }) => marked(text, hits, from, to).trim()).join(" … ");
  return `${(parts[0]?.from ?? 0) > 0 ? "… " : ""}${joined}${(parts.at(-1)?.to ?? 0) < text.length ? " …" : ""}`;
}
