/** Meilisearch's settings, declared; applied whenever an index is made. */
import type { Settings } from "meilisearch";

const common: Settings = {
  // The sort comes first, so that sorting by date is strict; without a sort it changes nothing.
  rankingRules: ["sort", "words", "typo", "proximity", "attribute", "exactness"],
  localizedAttributes: [{ attributePatterns: ["*"], locales: ["deu"] }],
  // Totals are exact and every page can be reached.
  pagination: { maxTotalHits: 2 ** 31 - 1 },
  faceting: { maxValuesPerFacet: 100, sortFacetValuesBy: { "*": "count" } },
};

export const postSettings: Settings = {
  ...common,
  searchableAttributes: ["text"],
  filterableAttributes: ["pid", "uid", "tid", "bid", "timestamp", "year", "has"],
  sortableAttributes: ["pid"],
};

export const threadSettings: Settings = {
  ...common,
  searchableAttributes: ["title", "subtitle", "tags"],
  filterableAttributes: ["tid", "uid", "bid", "timestamp", "year", "tags"],
  sortableAttributes: ["tid"],
};

/** Names of the indexes; `next` ones are filled and swapped in. */
export const indexes = { post: "potstats_posts", thread: "potstats_threads" } as const;
