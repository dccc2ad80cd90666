/** Meilisearch's settings, applied when an index is created. A change here requires a higher `searchVersion`. */
import type { Locale, Settings } from "meilisearch";

/** Names of the indexes. A full run fills `…_next` and swaps it in. */
export const indexes = { post: "potstats_posts", thread: "potstats_threads", user: "potstats_users" } as const;

/**
 * Our tokens are ASCII letters and digits: without this, Meilisearch would guess their language and split compounds.
 */
export const queryLocales: Locale[] = ["eng"];

/** `sort` comes first to make sorting by date strict; without a sort it has no effect. Ties: newest first. */
const rankedBy = (key: string) => ["sort", "words", "typo", "attribute", "exactness", `${key}:desc`];

/** Values per facet, the most frequent first; which of several equally frequent ones is not defined. */
export const maxFacetValues = 100;

const common: Settings = {
  // Exact totals, and every page is reachable.
  pagination: { maxTotalHits: 2 ** 31 - 1 },
  faceting: { maxValuesPerFacet: maxFacetValues, sortFacetValuesBy: { "*": "count" } },
};

const texts: Settings = {
  ...common,
  // Words as written match exactly, even while they are being typed. A form's token is one character longer than the
  // form (tokens.ts). With two typos allowed, one could be the first letter, and a form could match a word as written.
  typoTolerance: {
    minWordSizeForTypos: { oneTypo: 6, twoTypos: 255 },
    disableOnAttributes: ["title", "text"],
  },
  // Part of our tokens (tokens.ts).
  nonSeparatorTokens: ["_"],
  // By word, pairs of neighbors would be most of the index. PostgreSQL searches phrases.
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

/** For suggestions only. `names` are the current name, then the aliases. */
export const userSettings: Settings = {
  ...common,
  rankingRules: rankedBy("uid"),
  // Never treat numbers as typos of each other.
  typoTolerance: { disableOnNumbers: true },
  searchableAttributes: ["names"],
  localizedAttributes: [{ attributePatterns: ["names"], locales: queryLocales }],
  filterableAttributes: [],
};
