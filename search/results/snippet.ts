/** Truncates and highlights texts, in the same way for both engines. */
import { locateWords, type Word } from "@potstats/bbcode/fold";
import { formsOf } from "../words/forms.ts";
import type { Term } from "../query/syntax.ts";
import { isTypo } from "../words/typo.ts";

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);

/** Limits for enormous texts and words, in characters: matches are searched in, and marked over, this much. */
const maxText = 100_000;
const maxMarked = 100;
/** Characters that the matches of the main excerpt may span, of context around it, and around each other excerpt. */
const maxSpan = 160;
const mainContext = 90;
const otherContext = 45;
const maxExcerpts = 3;
/** Passages of one text. */
const maxPassages = 10;
/** Characters of a snippet without matches. */
const maxStart = 360;

/** Distinct words per text whose forms are looked up; only enormous texts have more. */
const maxAnalyzed = 5000;

/** A word that matches. */
interface Mark {
  start: number;
  end: number;
  /** Indexes of the terms that it matches. */
  terms: number[];
}

/** The dictionary form; cached by `formsOf`. */
const formOf = (word: string): string => formsOf(word)[0] ?? word;

/** Creates predicates for one text: whether a word matches a single-word term. Caches the words' forms. */
function matcher() {
  const cache = new Map<string, string[]>();
  return ({ words: [searched = ""], exact, prefix }: Term) => {
    const form = formOf(searched);
    return (word: string): boolean => {
      if (word === searched || (prefix && word.startsWith(searched))) return true;
      if (exact) return false;
      let forms = cache.get(word);
      if (!forms) cache.set(word, (forms = cache.size < maxAnalyzed ? formsOf(word) : []));
      return forms.includes(form) || (prefix && forms.some((one) => one.startsWith(searched)));
    };
  };
}

/** Creates a predicate: whether either word may be a typo of the other. Numbers are never typos of each other. */
const typos = ({ words: [searched = ""], exact, prefix }: Term) => {
  const form = formOf(searched);
  return (word: string): boolean => {
    if (exact || searched.length < 5 || !/^[a-z]+$/.test(searched)) return false;
    const starts = prefix ? [-1, 0, 1].map((more) => word.slice(0, searched.length + more)) : [word, formOf(word)];
    return starts.some((start) => isTypo(start, searched) || isTypo(start, form));
  };
};

/** The matching words of a text, in order. */
function marksIn(text: string, terms: Term[]): Mark[] {
  const words = locateWords(text.length > maxText ? text.slice(0, boundary(text, maxText)) : text);
  const termsAt: (number[] | undefined)[] = [];
  const matches = matcher();
  for (const [index, term] of terms.entries()) {
    if (term.excluded) continue;
    for (const at of term.words.length > 1 ? phraseMatches(words, term) : wordMatches(words, term, matches))
      (termsAt[at] ??= []).push(index);
  }
  return words.flatMap(({ start, end }, at) => {
    const marked = termsAt[at];
    if (!marked) return [];
    return [{ start, end: end - start > maxMarked ? boundary(text, start + maxMarked) : end, terms: marked }];
  });
}

/** Indexes of the words that are part of a phrase. */
function phraseMatches(words: Word[], { words: phrase, prefix }: Term): number[] {
  const last = phrase.length - 1;
  const isMatch = (word: string | undefined, n: number) =>
    word === phrase[n] || (n === last && prefix && word?.startsWith(phrase[n] ?? ""));
  const indexes: number[] = [];
  for (let at = 0; at + last < words.length; at++)
    if (phrase.every((_, n) => isMatch(words[at + n]?.folded, n))) indexes.push(...phrase.keys().map((n) => at + n));
  return indexes;
}

/** Indexes of matching words; if there are none, indexes of words that may be typos. */
function wordMatches(words: Word[], term: Term, matches: ReturnType<typeof matcher>): number[] {
  for (const isMatch of [matches(term), typos(term)]) {
    const cache = new Map<string, boolean>();
    const indexes: number[] = [];
    for (const [at, { folded }] of words.entries()) {
      let result = cache.get(folded);
      if (result === undefined) cache.set(folded, (result = isMatch(folded)));
      if (result) indexes.push(at);
    }
    if (indexes.length > 0) return indexes;
  }
  return [];
}

/** Characters that combine with the preceding one. */
const joined = /\p{M}|\u200d|\p{Emoji_Modifier}/u;
/** No real character has more parts than this. */
const maxParts = 32;

/** The position itself, or the nearest one before it that does not split a character. */
function boundary(text: string, position: number): number {
  let at = position;
  const isInside = () => {
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) return true;
    return joined.test(String.fromCodePoint(text.codePointAt(at) ?? 0)) || text[at - 1] === "\u200d";
  };
  while (at > 0 && at < text.length && position - at < maxParts && isInside()) at--;
  return at;
}

/** How far a cut may move to reach a space. */
const maxShift = 30;

/** Moves a cut to the next space, if one is near, and never splits a character. */
function cutAt(text: string, position: number, step: 1 | -1): number {
  if (position <= 0) return 0;
  if (position >= text.length) return text.length;
  for (let at = position; at > 0 && at < text.length && Math.abs(at - position) < maxShift; at += step) {
    if (/\s/.test(text[at] ?? "")) return at;
  }
  return boundary(text, position);
}

/** Trims surrounding whitespace, except a space that carries an accent. */
const trimmed = (text: string): string => text.trimEnd().replace(/^\s+(?![\p{M}\u200d])/u, "");

function toHtml(text: string, marks: Mark[], from: number, to: number): string {
  let html = "";
  let at = from;
  for (const { start, end } of marks) {
    if (start < at || end > to) continue;
    html += `${escapeHtml(text.slice(at, start))}<strong>${escapeHtml(text.slice(start, end))}</strong>`;
    at = end;
  }
  return html + escapeHtml(text.slice(at, to));
}

/** The whole text as safe HTML with matches marked. */
export const highlight = (text: string, terms: Term[]): string => toHtml(text, marksIn(text, terms), 0, text.length);

/** Characters of `text` as safe HTML, with ellipses where it was cut. */
const excerptHtml = (text: string, marks: Mark[], { from, to }: Excerpt): string =>
  `${from > 0 ? "… " : ""}${trimmed(toHtml(text, marks, from, to))}${to < text.length ? " …" : ""}`;

/** The first run of marks, of limited length, that contains the most different terms. Both ends included. */
function densestRun(marks: Mark[]): { first: number; last: number } {
  const counts = new Map<number, number>();
  const count = (mark: Mark, by: 1 | -1) => {
    for (const term of mark.terms) {
      const n = (counts.get(term) ?? 0) + by;
      if (n === 0) counts.delete(term);
      else counts.set(term, n);
    }
  };
  let best = { first: 0, last: 0, terms: 0 };
  let first = 0;
  for (const [last, mark] of marks.entries()) {
    count(mark, 1);
    for (let start = marks[first]; start && start !== mark && mark.end - start.start > maxSpan; start = marks[++first])
      count(start, -1);
    if (counts.size > best.terms) best = { first, last, terms: counts.size };
  }
  return best;
}

/** The addresses that match a term which the text does not. */
function matchingAddresses(text: string, terms: Term[], addresses: string[]): string[] {
  if (addresses.length === 0) return [];
  const inText = new Set(marksIn(text, terms).flatMap((mark) => mark.terms));
  return addresses.filter((address) =>
    marksIn(address, terms).some((mark) => mark.terms.some((term) => !inText.has(term))),
  );
}

interface Excerpt {
  from: number;
  to: number;
}

/** The range with context around it. */
const around = (text: string, start: number, end: number, context: number): Excerpt => ({
  from: Math.min(start, cutAt(text, start - context, 1)),
  to: Math.max(end, cutAt(text, end + context, -1)),
});

/** The main excerpt, then excerpts with terms not shown yet, then later excerpts. */
function selectExcerpts(text: string, marks: Mark[], { first, last }: { first: number; last: number }): Excerpt[] {
  const mainEnd = marks[last]?.end ?? 0;
  const excerpts = [around(text, marks[first]?.start ?? 0, mainEnd, mainContext)];
  const visibleTerms = new Set(marks.slice(first, last + 1).flatMap((mark) => mark.terms));
  const others = marks.slice(0, first).concat(marks.slice(last + 1));
  const add = (isWanted: (mark: Mark) => boolean) => {
    for (const mark of others) {
      if (excerpts.length === maxExcerpts) return;
      if (!isWanted(mark) || excerpts.some(({ from, to }) => mark.start < to && mark.end > from)) continue;
      excerpts.push(around(text, mark.start, mark.end, otherContext));
      for (const term of mark.terms) visibleTerms.add(term);
    }
  };
  add((mark) => mark.terms.some((term) => !visibleTerms.has(term)));
  add((mark) => mark.start > mainEnd);
  return mergeOverlapping(excerpts);
}

/** In the order of the text. */
function mergeOverlapping(excerpts: Excerpt[]): Excerpt[] {
  const merged: Excerpt[] = [];
  for (const excerpt of excerpts.toSorted((a, b) => a.from - b.from)) {
    const previous = merged.at(-1);
    if (previous && excerpt.from <= previous.to) previous.to = Math.max(previous.to, excerpt.to);
    else merged.push(excerpt);
  }
  return merged;
}

/**
 * A few lines around the best matches as safe HTML: everything is escaped, the only tag is `<strong>` around matches,
 * and excerpts are joined by " … ".
 * @param addresses what the text links to; appended where they match a term that the text does not
 */
export function snippet(ownText: string, terms: Term[], addresses: string[] = []): string {
  const text = [ownText, ...matchingAddresses(ownText, terms, addresses)].join("\n");
  const marks = marksIn(text, terms);
  if (marks.length === 0) {
    const end = cutAt(text, maxStart, -1);
    return escapeHtml(trimmed(text.slice(0, end))) + (end < text.length ? " …" : "");
  }
  const excerpts = selectExcerpts(text, marks, densestRun(marks));
  const html = excerpts.map(({ from, to }) => trimmed(toHtml(text, marks, from, to))).join(" … ");
  return `${(excerpts[0]?.from ?? 0) > 0 ? "… " : ""}${html}${(excerpts.at(-1)?.to ?? 0) < text.length ? " …" : ""}`;
}

/**
 * The passages of a text around its matches, in order, without overlaps, as safe HTML like a snippet; at most 10.
 * @param addresses what the text links to, as in `snippet`
 */
export function passages(ownText: string, terms: Term[], addresses: string[] = []): string[] {
  const text = [ownText, ...matchingAddresses(ownText, terms, addresses)].join("\n");
  const marks = marksIn(text, terms);
  const excerpts: Excerpt[] = [];
  for (const { first, last } of runsOf(marks)) {
    const excerpt = around(text, first.start, last.end, otherContext);
    const previous = excerpts.at(-1);
    if (previous) {
      // The next match belongs to the next passage only.
      previous.to = Math.min(previous.to, first.start);
      excerpt.from = Math.max(excerpt.from, previous.to);
    }
    if (excerpts.length === maxPassages) break;
    excerpts.push(excerpt);
  }
  return excerpts.map((excerpt) => excerptHtml(text, marks, excerpt));
}

/** Consecutive marks whose contexts overlap, in runs of limited length. */
function runsOf(marks: Mark[]): { first: Mark; last: Mark }[] {
  const runs: { first: Mark; last: Mark }[] = [];
  for (const mark of marks) {
    const run = runs.at(-1);
    const isNear = run && mark.start - run.last.end < 2 * otherContext && mark.end - run.first.start <= maxSpan;
    if (isNear) run.last = mark;
    else runs.push({ first: mark, last: mark });
  }
  return runs;
}
