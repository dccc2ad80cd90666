/**
 * Corrects misspelled words: a word that nobody wrote is replaced by the most frequent one that differs by one letter.
 * Source: Peter Norvig, "How to Write a Spelling Corrector", 2007.
 */
import type { Sql } from "@potstats/db/connect";
import type { words as wordTable } from "@potstats/db/search-index";
import type { Row } from "@potstats/db/row";
import { lemmaOf } from "../words/forms.ts";
import type { Term } from "./syntax.ts";

/** Shorter words are not corrected. Numbers are never typos of each other. */
const correctable = /^[a-z]{5,40}$/;
/** Endings of inflected words, whose dictionary form is unknown as long as they are misspelled. */
const ending = /(?<=....)(?:e[nmrs]?|n|s)$/;
const alphabet = "abcdefghijklmnopqrstuvwxyz";
/** A word that occurs may be a common misspelling: the correction must be this many times as frequent. */
const minRatio = 10;

/** @returns the terms with corrections; undefined if there is nothing to correct */
export async function correctTypos(sql: Sql, terms: Term[]): Promise<Term[] | undefined> {
  const corrected = await Promise.all(
    terms.map(async (term) => {
      const [word = ""] = term.words;
      if (term.exact || term.excluded || !correctable.test(word)) return term;
      // Nobody may have written a word that begins like an inflected one.
      const correction =
        (await correctionOf(sql, word, term.prefix)) ??
        (term.prefix ? await correctionOf(sql, word, false) : undefined);
      return correction === undefined ? term : { ...term, words: [correction] };
    }),
  );
  return corrected.some((term, at) => term !== terms[at]) ? corrected : undefined;
}

/** The most frequent similar word; undefined if the word itself is frequent enough. */
async function correctionOf(sql: Sql, word: string, isPrefix: boolean): Promise<string | undefined> {
  const own = [...new Set([word, lemmaOf(word)])];
  // Nobody may have written the inflected word: its dictionary form is a word of the index as well.
  const bases = isPrefix ? [word] : [word, word.replace(ending, "")];
  const similar = bases.map((base) => new Set(edits(base)));
  const candidates = [...new Set([...own, ...similar.flatMap((words) => [...words])])];
  // A prefix is as frequent as the most frequent word that starts with it.
  const rows = await sql<Row<typeof wordTable>[]>`
    select c.word, w.count from unnest(${candidates}::text[]) c (word)
    cross join lateral (
      select max(count) as count from search.words w
      where ${isPrefix ? sql`w.word >= c.word and w.word < c.word || ${"\u{10ffff}"}` : sql`w.word = c.word`}
    ) w where w.count is not null order by w.count desc, c.word`;
  const frequency = Math.max(0, ...rows.filter((row) => own.includes(row.word)).map(({ count }) => count));
  // Similar to the word itself rather than to its beginning, unless that is far more frequent.
  const weightOf = (row: Row<typeof wordTable>) => row.count * (similar[0]?.has(row.word) ? minRatio : 1);
  const [best] = rows.filter((row) => !own.includes(row.word)).toSorted((a, b) => weightOf(b) - weightOf(a));
  return best && best.count >= frequency * minRatio && best.count > 0 ? best.word : undefined;
}

/** All texts that differ by one letter: left out, added, replaced, or exchanged with its neighbor. */
function* edits(word: string): Generator<string> {
  for (let at = 0; at <= word.length; at++) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    for (const letter of alphabet) {
      yield before + letter + after;
      if (after !== "" && after[0] !== letter) yield before + letter + after.slice(1);
    }
    if (after !== "") yield before + after.slice(1);
    if (after.length > 1) yield `${before}${after[1]}${after[0]}${after.slice(2)}`;
  }
}
