/**
 * Ranks matches by relevance, for both engines alike: engines only sort by date.
 *
 * A word counts the more, the more often it occurs in a post and the shorter the post is: BM25's saturation and length
 * normalization (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), without the weight of rare
 * words, which is the same for all posts because all words must match.
 */
import type { Sql } from "@potstats/db/connect";
import type { posts, threads } from "@potstats/db/search-index";
import type { Row } from "@potstats/db/row";
import type { Match } from "../engines/engine.ts";
import type { Query } from "../query/query.ts";
import type { Term } from "../query/syntax.ts";
import { formsOf, lemmaOf } from "../words/forms.ts";

/** How much an occurrence counts: as typed, inflected or unfinished, or as part of a compound. */
const weights = { asTyped: 1, inflected: 0.8, part: 0.4 };
/** BM25's k1 and b, and the characters of an average post. */
const saturation = 1.2;
const lengthInfluence = 0.4;
const averageLength = 260;
/** How many times an occurrence in the post's own title counts. */
const titleWeight = 3;
/** Added for words in the thread's title, and for words that stand side by side as typed. */
const bonus = { thread: 0.28, adjacent: 0.3 };
/** Words of a text that are considered. */
const maxWords = 2000;

/** A match with its thread. */
export interface RankedMatch extends Match {
  tid: number;
}

/** The matches by relevance; of equal ones, the newest first. Matches deleted since are omitted. */
export async function rank(sql: Sql, query: Query, matches: Match[]): Promise<RankedMatch[]> {
  const terms = query.terms.filter(({ excluded }) => !excluded);
  const ids = matches.map(({ id }) => id);
  return rankTexts(terms, await (query.type === "post" ? postTexts(sql, ids) : threadTexts(sql, ids)));
}

/** The texts by relevance; of equal ones, those with the highest ids first. @param terms none of them excluded */
export function rankTexts(terms: Term[], texts: RankedText[]): RankedMatch[] {
  const score = scorer(terms);
  return texts
    .map(({ id, tid, words, thread_title }) => ({ id, tid, score: score(words, thread_title) }))
    .toSorted((a, b) => b.score - a.score || b.id - a.id);
}

export interface RankedText {
  id: number;
  tid: number;
  /** Folded, between spaces; `|` follows the title. */
  words: string;
  /** Title, subtitle and tags of a post's thread. */
  thread_title: string;
}

type PostText = Row<typeof posts, "tid" | "words">;

const postTexts = (sql: Sql, ids: number[]) =>
  sql<(PostText & RankedText)[]>`
    select d.pid as id, d.tid, left(d.words, ${maxWords * 20}) as words, coalesce(t.words, '') as thread_title
    from search.posts d left join search.threads t on t.tid = d.tid where d.pid = any(${ids})`;

const threadTexts = (sql: Sql, ids: number[]) =>
  sql<(Row<typeof threads, "tid"> & RankedText)[]>`
    select d.tid as id, d.tid, d.words, '' as thread_title
    from search.threads d where d.tid = any(${ids})`;

/** A function that scores texts; it remembers how much each word counts. */
function scorer(terms: Term[]): (words: string, threadTitle: string) => number {
  const counts = terms.map(occurrences);
  const typed = terms.flatMap(({ words }) => words);
  const neighbors = typed.slice(1).map((word, at) => ` ${typed[at]} ${word}`);
  return (words, threadTitle) => {
    const title = words.slice(0, words.indexOf(" | ") + 1);
    const norm = saturation * (1 - lengthInfluence + (lengthInfluence * words.length) / averageLength);
    let score = 0;
    for (const count of counts) {
      const frequency = count(words) + (titleWeight - 1) * count(title);
      score += frequency / (frequency + norm);
      if (count(threadTitle) > 0) score += bonus.thread;
    }
    for (const pair of neighbors) if (words.includes(pair)) score += bonus.adjacent;
    return terms.length === 0 ? 0 : score / terms.length;
  };
}

/** How often a text contains another that ends with a space or a word's beginning; two may share a space. */
function countOf(text: string, searched: string): number {
  let count = 0;
  for (let at = text.indexOf(searched); at !== -1; at = text.indexOf(searched, at + searched.length - 1)) count++;
  return count;
}

/**
 * A function that counts a term's weighted occurrences. The word and its dictionary form are searched in the text as it
 * is; only a text that contains neither is taken apart.
 */
function occurrences({ words, exact, prefix }: Term): (text: string) => number {
  const phrase = ` ${words.join(" ")}`;
  if (exact) return (text) => countOf(text, prefix ? phrase : `${phrase} `);
  const [typed = ""] = words;
  const form = lemmaOf(typed);
  const hasOtherForm = prefix ? !form.startsWith(typed) : form !== typed;
  const weightOf = weighing(typed, form, prefix);
  return (text) => {
    const asTyped = countOf(text, `${phrase} `);
    const completed = prefix ? countOf(text, phrase) - asTyped : 0;
    const inflected = hasOtherForm ? countOf(text, ` ${form} `) : 0;
    const direct = asTyped * weights.asTyped + (completed + inflected) * weights.inflected;
    if (direct > 0) return direct;
    return text.split(" ", maxWords).reduce((sum, word) => sum + weightOf(word), 0);
  };
}

/** A function that tells how much a written word counts. */
function weighing(typed: string, form: string, prefix: boolean): (word: string) => number {
  const weightOf = (word: string): number => {
    const [ownForm, ...parts] = formsOf(word);
    if (ownForm === form) return weights.inflected;
    return parts.some((part) => part === form || (prefix && part.startsWith(typed))) ? weights.part : 0;
  };
  const cached = new Map<string, number>([
    ["", 0],
    ["|", 0],
  ]);
  return (word) => {
    let weight = cached.get(word);
    if (weight === undefined) cached.set(word, (weight = weightOf(word)));
    return weight;
  };
}
