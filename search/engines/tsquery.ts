/** Terms as PostgreSQL's tsqueries over the lexemes of index/tsvector.ts. */
import type { Sql } from "@potstats/db/connect";
import { furtherMark, writtenMark } from "../index/tsvector.ts";
import type { Term } from "../query/syntax.ts";
import { lemmaOf } from "../words/forms.ts";

/** Part of a statement. */
export type Fragment = ReturnType<Sql>;

/** A word of a phrase, wherever it occurs in a text: a prefix matches further occurrences as well. */
const occurrencesOf = (word: string) => `('${writtenMark}${word}' | '${writtenMark}${word}${furtherMark}':*)`;

/** Folded words contain no quotes. */
function termQuery(sql: Sql, { words, exact, prefix }: Term): Fragment {
  const last = words.length - 1;
  const literal = words
    .map((word, at) =>
      prefix && at === last
        ? `'${writtenMark}${word}':*`
        : last === 0
          ? `'${writtenMark}${word}'`
          : occurrencesOf(word),
    )
    .join(" <-> ");
  if (exact) return sql`${literal}::tsquery`;
  const form = lemmaOf(words[0] ?? "");
  // The form of a form is itself: a word that is written like the form has that form.
  return sql`${`${prefix ? `${literal} | ` : ""}'${writtenMark}${form}' | '${form}'`}::tsquery`;
}

/** All terms, exclusions negated. */
export const allTerms = (sql: Sql, terms: Term[]): Fragment =>
  terms.reduce<Fragment>(
    (query, term) => sql`${query} && ${term.excluded ? sql`(!!${termQuery(sql, term)})` : termQuery(sql, term)}`,
    sql`''::tsquery`,
  );

/** Half of all posts contain a word with a prefix this short: an index scan would collect all of them. */
const maxCommonPrefix = 2;
const isCommon = ({ words, prefix }: Term) =>
  prefix && words.length === 1 && (words[0] ?? "").length <= maxCommonPrefix;

/**
 * A condition on `words` of `d`. Selective terms are index conditions. The others are written as a boolean, which no
 * index supports, so PostgreSQL checks them on each row: exclusions, since the index would collect all rows with the
 * word, and very common prefixes.
 * @param isScan rows come from elsewhere: nothing is looked up in the index
 */
export function wordsMatch(sql: Sql, terms: Term[], isScan: boolean): Fragment {
  const isIndexed = (term: Term) =>
    !isScan && !term.excluded && (!isCommon(term) || !terms.some((other) => !other.excluded && other !== term));
  const [indexed, checked] = [terms.filter(isIndexed), terms.filter((term) => !isIndexed(term))];
  return sql`${indexed.length > 0 ? sql`d.words @@ (${allTerms(sql, indexed)})` : sql`true`}
    ${checked.length > 0 ? sql`and (d.words @@ (${allTerms(sql, checked)})) is true` : sql``}`;
}
