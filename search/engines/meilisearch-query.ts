/** A query in Meilisearch's own language: search texts over our tokens, and filters. */
import { formToken, wordToken } from "../index/tokens.ts";
import type { Query } from "../query/query.ts";
import type { Term } from "../query/syntax.ts";
import { lemmaOf } from "../words/forms.ts";

/** Quoted tokens match exactly: no typos, no prefixes, and neighbors are not joined into one word. */
const quoted = (token: string) => `"${token}" `;

/**
 * Search texts; a document matches if it satisfies one of them. Exclusions come first. The word being typed comes last
 * and matches as the prefix of a word or by its form.
 */
export function searchTexts(terms: Term[], titlesOnly = false): string[] {
  const unfinished = terms.find(({ prefix }) => prefix);
  const others = terms
    .filter((term) => term !== unfinished)
    .toSorted((a, b) => Number(b.excluded) - Number(a.excluded))
    .map(({ words: [word = ""], exact, excluded }) =>
      excluded
        ? `-${quoted(wordToken(word))}`
        : quoted(exact || titlesOnly ? wordToken(word) : formToken(lemmaOf(word))),
    )
    .join("");
  if (!unfinished) return [others];
  const [word = ""] = unfinished.words;
  const asPrefix = others + wordToken(word);
  return titlesOnly ? [asPrefix] : [asPrefix, others + quoted(formToken(lemmaOf(word)))];
}

/**
 * Search texts that forgive typos; none if no word may be misspelled. Numbers are never typos of each other. The form
 * of an unknown word is unknown as well, so it is tried both with its ending and without.
 */
export function forgivingTexts(terms: Term[]): string[] {
  const mayBeMisspelled = ({ exact, words: [word = ""] }: Term) => !exact && /^[a-z]+$/.test(word);
  const misspelled = terms.filter(mayBeMisspelled).toSorted((a, b) => Number(a.prefix) - Number(b.prefix));
  if (misspelled.length === 0) return [];
  const [strict = ""] = searchTexts(
    terms.filter((term) => !mayBeMisspelled(term)).map((term) => ({ ...term, prefix: false })),
  );
  const end = misspelled.at(-1)?.prefix === true ? "" : " ";
  return [lemmaOf, (word: string) => word.replace(/(?<=...)(?:en?|n|s)$/, "")].map((formOf) => {
    const tokens = misspelled.map(({ words: [word = ""], prefix }) =>
      prefix ? formOf(word) : formToken(formOf(word)),
    );
    return strict + tokens.join(" ") + end;
  });
}

export const isIn = (attribute: string, values: number[]) => `${attribute} IN [${values.join(", ")}]`;

/** Conditions that must all hold. */
export function filtersOf({ type, sort, uids, bids, tids, from, to, has, tags, next }: Query): string[] {
  return [
    ...(next === undefined ? [] : [`${type === "post" ? "pid" : "tid"} ${sort === "date-asc" ? ">" : "<"} ${next}`]),
    ...(uids ? [isIn("uid", uids)] : []),
    ...(bids ? [isIn("bid", bids)] : []),
    ...(tids ? [isIn("tid", tids)] : []),
    ...(from === undefined ? [] : [`timestamp >= ${from}`]),
    ...(to === undefined ? [] : [`timestamp < ${to}`]),
    ...has.map((kind) => `has = ${kind}`),
    ...tags.map((tag) => `tags = "${tag}"`),
  ];
}
