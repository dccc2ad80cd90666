/** Cuts and highlights what the poster wrote; the same for both engines. */
import { type Word, words } from "../words/fold.ts";
import { formsOf } from "../words/lexicon.ts";
import type { Term } from "../query/syntax.ts";
import { isTypo } from "../words/typo.ts";

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);

/** Characters of a monstrous text in which hits are looked for, and of a monstrous word that are marked. */
const longestText = 100_000;
const longestHit = 100;
/** Characters that the hits of the main part may span, around them, around the hits of other parts; and parts. */
const longestSpan = 160;
const aroundBest = 90;
const aroundOthers = 45;
const mostParts = 3;
/** Characters of a snippet without hits. */
const longestStart = 360;

/** Different words of a text whose forms are looked up; a monstrous one has more. */
const mostAnalysed = 5000;

interface Hit {
  start: number;
  end: number;
  /** Indexes of the terms that it is a hit of. */
  terms: number[];
}

/** The dictionary form, as it is remembered. */
const formOf = (word: string): string => formsOf(word)[0] ?? word;

/** Tells of each word of a text whether it is what a term's single word found. */
function matcher() {
  const known = new Map<string, string[]>();
  return (word: string, { words: [searched = ""], exact, prefix }: Term): boolean => {
    if (word === searched || (prefix && word.startsWith(searched))) return true;
    if (exact) return false;
    let forms = known.get(word);
    if (!forms) known.set(word, (forms = known.size < mostAnalysed ? formsOf(word) : []));
    return forms.includes(formOf(searched));
  };
}

/** Whether a word may be the misspelt one, or the other way round. Another number is another number. */
function mayBeTypo(word: string, { words: [searched = ""], exact, prefix }: Term): boolean {
  if (exact || searched.length < 5 || !/^[a-z]+$/.test(searched)) return false;
  const starts = prefix ? [-1, 0, 1].map((more) => word.slice(0, searched.length + more)) : [word, formOf(word)];
  return starts.some((start) => isTypo(start, searched) || isTypo(start, formOf(searched)));
}

/** The words of the text that are hits, in order. */
function hitsIn(text: string, terms: Term[]): Hit[] {
  const all = words(text.length > longestText ? text.slice(0, boundary(text, longestText)) : text);
  const found: (number[] | undefined)[] = [];
  const mark = (at: number, term: number) => void (found[at] ??= []).push(term);
  const matches = matcher();
  for (const [index, term] of terms.entries()) {
    if (term.excluded) continue;
    if (term.words.length > 1) {
      const last = term.words.length - 1;
      const isHit = (word: string | undefined, n: number) =>
        word === term.words[n] || (n === last && term.prefix && word?.startsWith(term.words[n] ?? ""));
      for (let at = 0; at + last < all.length; at++) {
        if (term.words.every((_, n) => isHit(all[at + n]?.folded, n)))
          for (let n = 0; n <= last; n++) mark(at + n, index);
      }
      continue;
    }
    let isFound = false;
    // Misspelt words are hits where there are no others.
    for (const isHit of [matches, mayBeTypo]) {
      if (isFound) break;
      const known = new Map<string, boolean>();
      for (const [at, { folded }] of all.entries()) {
        let hit = known.get(folded);
        if (hit === undefined) known.set(folded, (hit = isHit(folded, term)));
        if (!hit) continue;
        mark(at, index);
        isFound = true;
      }
    }
  }
  return all.flatMap(({ start, end }: Word, at) => {
    const marks = found[at];
    return marks
      ? [{ start, end: end - start > longestHit ? boundary(text, start + longestHit) : end, terms: marks }]
      : [];
  });
}

/** Parts of what people see as one character. */
const joined = /\p{M}|\u200d|\p{Emoji_Modifier}/u;

/** The place itself, or the nearest before it that is not inside a character. */
function boundary(text: string, position: number): number {
  let at = position;
  const isInside = () => {
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) return true;
    return joined.test(String.fromCodePoint(text.codePointAt(at) ?? 0)) || text[at - 1] === "\u200d";
  };
  // Nobody's character has that many parts.
  while (at > 0 && at < text.length && position - at < 32 && isInside()) at--;
  return at;
}

/** Moves a cut to the next gap between words, if one is near, and never into a character. */
function cutAt(text: string, position: number, step: 1 | -1): number {
  if (position <= 0) return 0;
  if (position >= text.length) return text.length;
  for (let at = position; at > 0 && at < text.length && Math.abs(at - position) < 30; at += step) {
    if (/\s/.test(text[at] ?? "")) return at;
  }
  return boundary(text, position);
}

/** Without space around it; a space under an accent is a character. */
const trimmed = (text: string): string => text.trimEnd().replace(/^\s+(?![\p{M}\u200d])/u, "");

function marked(text: string, hits: Hit[], from: number, to: number): string {
  let html = "";
  let at = from;
  for (const { start, end } of hits) {
    if (start < at || end > to) continue;
    html += `${escapeHtml(text.slice(at, start))}<strong>${escapeHtml(text.slice(start, end))}</strong>`;
    at = end;
  }
  return html + escapeHtml(text.slice(at, to));
}

/** The whole text as safe HTML with hits marked. */
export const highlight = (text: string, terms: Term[]): string => marked(text, hitsIn(text, terms), 0, text.length);

/** The first stretch of hits, of limited length, in which most of the terms meet. */
function densest(hits: Hit[]): { first: number; last: number } {
  const inside = new Map<number, number>();
  const count = (hit: Hit, by: 1 | -1) => {
    for (const term of hit.terms) {
      const n = (inside.get(term) ?? 0) + by;
      if (n === 0) inside.delete(term);
      else inside.set(term, n);
    }
  };
  let best = { first: 0, last: 0, terms: 0 };
  let first = 0;
  for (const [last, hit] of hits.entries()) {
    count(hit, 1);
    for (let begin = hits[first]; begin && begin !== hit && hit.end - begin.start > longestSpan; begin = hits[++first])
      count(begin, -1);
    if (inside.size > best.terms) best = { first, last, terms: inside.size };
  }
  return best;
}

function addressesHit(text: string, terms: Term[], addresses: string[]): string[] {
  if (addresses.length === 0) return [];
  const inText = new Set(hitsIn(text, terms).flatMap((hit) => hit.terms));
  return addresses.filter((address) =>
    hitsIn(address, terms).some((hit) => hit.terms.some((term) => !inText.has(term))),
  );
}

/**
 * A few lines around the best hits as safe HTML: everything escaped, only `<strong>` around hits, parts joined by " … ".
 * @param addresses what the text links to: shown behind it where they are hits that it has not
 */
export function snippet(visible: string, terms: Term[], addresses: string[] = []): string {
  const text = [visible, ...addressesHit(visible, terms, addresses)].join("\n");
  const hits = hitsIn(text, terms);
  const best = densest(hits);
  const [begin, finish] = [hits[best.first], hits[best.last]];
  if (!begin || !finish) {
    const end = cutAt(text, longestStart, -1);
    return escapeHtml(trimmed(text.slice(0, end))) + (end < text.length ? " …" : "");
  }
  const around = (start: number, end: number, length: number) => ({
    from: Math.min(start, cutAt(text, start - length, 1)),
    to: Math.max(end, cutAt(text, end + length, -1)),
  });
  const parts = [around(begin.start, finish.end, aroundBest)];
  // Then terms that are not shown yet, then whatever follows.
  const shown = new Set(hits.slice(best.first, best.last + 1).flatMap((hit) => hit.terms));
  const others = hits.slice(0, best.first).concat(hits.slice(best.last + 1));
  const add = (wanted: (hit: Hit) => boolean) => {
    for (const hit of others) {
      if (parts.length === mostParts) return;
      if (!wanted(hit) || parts.some(({ from, to }) => hit.start < to && hit.end > from)) continue;
      parts.push(around(hit.start, hit.end, aroundOthers));
      for (const term of hit.terms) shown.add(term);
    }
  };
  add((hit) => hit.terms.some((term) => !shown.has(term)));
  add((hit) => hit.start > finish.end);
  const merged: typeof parts = [];
  for (const part of parts.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && part.from <= last.to) last.to = Math.max(last.to, part.to);
    else merged.push(part);
  }
  const html = merged.map(({ from, to }) => trimmed(marked(text, hits, from, to))).join(" … ");
  return `${(merged[0]?.from ?? 0) > 0 ? "… " : ""}${html}${(merged.at(-1)?.to ?? 0) < text.length ? " …" : ""}`;
}
