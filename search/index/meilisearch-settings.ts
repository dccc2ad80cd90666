/** Meilisearch's settings, declared; applied when an index is made. Whoever changes them raises searchVersion. */
import type { Locale, Settings } from "meilisearch";

/** Our tokens are of Latin letters and digits: no segmenter need guess their language, or take compounds to pieces. */
export const queryLocales: Locale[] = ["eng"];

/** The sort comes first, so that sorting by date is strict; without a sort it changes nothing. Of equal hits the newest come first. */
const rankedBy = (key: string) => ["sort", "words", "typo", "attribute", "exactness", `${key}:desc`];

const common: Settings = {
  // Totals are exact and every page can be reached.
  pagination: { maxTotalHits: 2 ** 31 - 1 },
  faceting: { maxValuesPerFacet: 100, sortFacetValuesBy: { "*": "count" } },
};

const texts: Settings = {
  ...common,
  // Words as written are exact, also while they are typed; a form has one letter more than one sees (meilisearch.ts). Of two
  // typos one could be the first letter, and a form be taken for a word.
  typoTolerance: {
    minWordSizeForTypos: { oneTypo: 6, twoTypos: 255 },
    disableOnAttributes: ["title", "text"],
  },
  // A part of the tokens (meilisearch.ts).
  nonSeparatorTokens: ["_"],
  // Pairs of neighbours are most of an index, and phrases are PostgreSQL's.
  proximityPrecision: "byAttribute",
};

export const postSettings: Settings = {
  ...texts,
  rankingRules: rankedBy("pid"),
  searchableAttributes: ["text", "forms"],
  localizedAttributes: [{ attributePatterns: ["text", "forms"], locales: queryLocales }],
  filterableAttributes: ["pid", "uid", "tid", "bid", "timestamp", "year", "has"],
  sortableAttributes: ["pid"],
};

export const threadSettings: Settings = {
  ...texts,
  rankingRules: rankedBy("tid"),
  searchableAttributes: ["title", "text", "forms"],
  localizedAttributes: [{ attributePatterns: ["title", "text", "forms"], locales: queryLocales }],
  filterableAttributes: ["tid", "uid", "bid", "timestamp", "year", "tags"],
  sortableAttributes: ["tid"],
};

/** For suggestions only: the first name is the present one, the others are aliases. */
export const userSettings: Settings = {
  ...common,
  rankingRules: rankedBy("uid"),
  // Another number is another number.
  typoTolerance: { disableOnNumbers: true },
  searchableAttributes: ["names"],
  localizedAttributes: [{ attributePatterns: ["names"], locales: queryLocales }],
  filterableAttributes: [],
};

/** Names of the indexes; `next` ones are filled and swapped in. */
export const indexes = { post: "potstats_posts", thread: "potstats_threads", user: "potstats_users" } as const;
