/** A query in Meilisearch's own language: search texts over our tokens, and filters. */
import { Temporal } from "temporal-polyfill";
import { tokenOf } from "../index/tokens.ts";
import type { Query } from "../query/query.ts";
import type { Term } from "../query/syntax.ts";
import { lemmaOf } from "../words/forms.ts";

/** Quoted tokens match exactly: no prefixes, and neighbors are not joined into one word. */
const quoted = (word: string) => `"${tokenOf(word)}"`;

/**
 * Search texts; a document matches if it satisfies one of them. The word being typed comes last and matches as a prefix
 * or by its form.
 */
export function searchTexts(terms: Term[]): string[] {
  const unfinished = terms.find(({ prefix }) => prefix);
  const others = terms
    .filter((term) => term !== unfinished)
    .map(({ words: [word = ""] }) => `${quoted(lemmaOf(word))} `)
    .join("");
  if (!unfinished) return [others];
  const [word = ""] = unfinished.words;
  const form = lemmaOf(word);
  const asPrefix = others + tokenOf(word);
  return form.startsWith(word) ? [asPrefix] : [asPrefix, others + quoted(form)];
}

const isIn = (attribute: string, values: number[]) => `${attribute} IN [${values.join(", ")}]`;

/** Days since 1970 of a moment. */
const dayOf = (unix_s: number, timezone: string): number =>
  Temporal.PlainDate.from("1970-01-01").until(
    Temporal.Instant.fromEpochMilliseconds(unix_s * 1000)
      .toZonedDateTimeISO(timezone)
      .toPlainDate(),
  ).days;

/** Conditions that must all hold. Periods begin and end with a day of the time zone. */
export function filtersOf(query: Query, timezone: string): string[] {
  const { type, sort, uids, bids, tids, from, to, has, tags, next } = query;
  return [
    ...(next === undefined ? [] : [`${type === "post" ? "pid" : "tid"} ${sort === "date-asc" ? ">" : "<"} ${next}`]),
    ...(uids ? [isIn("uid", uids)] : []),
    ...(bids ? [isIn("bid", bids)] : []),
    ...(tids ? [isIn("tid", tids)] : []),
    ...(from === undefined ? [] : [`day >= ${dayOf(from, timezone)}`]),
    ...(to === undefined ? [] : [`day < ${dayOf(to, timezone)}`]),
    ...has.map((kind) => `has = ${kind}`),
    ...tags.map((tag) => `tags = "${tokenOf(tag)}"`),
  ];
}
