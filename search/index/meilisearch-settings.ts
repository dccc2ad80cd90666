/** Meilisearch's settings, applied when an index is created. A change here requires a higher `searchVersion`. */
import type { Locale, Settings } from "meilisearch";
import { mark } from "./tokens.ts";

/** Names of the indexes. A full run fills `…_next` and swaps it in. */
export const indexes = { post: "potstats_posts", thread: "potstats_threads", user: "potstats_users" } as const;

/**
 * Our tokens are ASCII letters and digits: without this, Meilisearch would guess their language and split compounds.
 */
export const queryLocales: Locale[] = ["eng"];

const common: Settings = {
  // Exact totals, and every page is reachable.
  pagination: { maxTotalHits: 2 ** 31 - 1 },
  // As many months as any forum has.
  faceting: { maxValuesPerFacet: 10_000, sortFacetValuesBy: { "*": "count" } },
};

/** Attributes to filter by. Those that are only compared for equality need no tree of ranges. */
const filterable = (equal: string[], compared: string[]): NonNullable<Settings["filterableAttributes"]> => [
  {
    attributePatterns: equal,
    features: { facetSearch: false, filter: { equality: true, comparison: false } },
  },
  {
    attributePatterns: compared,
    features: { facetSearch: false, filter: { equality: true, comparison: true } },
  },
];

const texts = (key: string, equal: string[]): Settings => ({
  ...common,
  // Documents are only sorted by date here: results/rank.ts computes the relevance, for both engines alike.
  rankingRules: ["sort"],
  sortableAttributes: [key],
  searchableAttributes: ["words"],
  localizedAttributes: [{ attributePatterns: ["words"], locales: queryLocales }],
  filterableAttributes: filterable(equal, [key, "day"]),
  // typos.ts corrects misspelled words, for both engines alike.
  typoTolerance: { enabled: false },
  nonSeparatorTokens: [mark],
  // By word, pairs of neighbors would be most of the index. PostgreSQL searches phrases.
  proximityPrecision: "byAttribute",
});

export const postSettings = texts("pid", ["uid", "tid", "bid", "year", "month", "has"]);
export const threadSettings = texts("tid", ["uid", "bid", "year", "tags"]);

/** For suggestions only. `names` are the current name, then the aliases. */
export const userSettings: Settings = {
  ...common,
  rankingRules: ["words", "typo", "attribute", "exactness", "uid:desc"],
  // Never treat numbers as typos of each other.
  typoTolerance: { disableOnNumbers: true },
  searchableAttributes: ["names"],
  localizedAttributes: [{ attributePatterns: ["names"], locales: queryLocales }],
  filterableAttributes: [],
};
