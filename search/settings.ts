/** Meilisearch's settings, declared; applied when an index is made. Whoever changes them raises searchVersion. */
import type { Locale, Settings } from "meilisearch";

/** Any language of Latin letters that has no compounds. */
export const queryLocales: Locale[] = ["eng"];

/** Attributes that hold whole words. */
export const whole = { post: ["text"], thread: ["title", "subtitle", "tags"] };

/** The sort comes first, so that sorting by date is strict; without a sort it changes nothing. Of equal hits the newest come first. */
const rankedBy = (key: string) => ["sort", "words", "typo", "proximity", "attribute", "exactness", `${key}:desc`];

const common: Settings = {
  // Another number is another number.
  typoTolerance: { disableOnNumbers: true },
  // The German dictionary takes compounds to pieces, and everything else too: "dampfre" is no typo any more but "dampf" and
  // "re". So only what may be a compound goes through it, in an attribute of its own; texts and queries are not German to it.
  localizedAttributes: [
    { attributePatterns: ["compounds"], locales: ["deu"] },
    { attributePatterns: [...whole.post, ...whole.thread, "names"], locales: queryLocales },
  ],
  // Totals are exact and every page can be reached.
  pagination: { maxTotalHits: 2 ** 31 - 1 },
  faceting: { maxValuesPerFacet: 100, sortFacetValuesBy: { "*": "count" } },
};

export const postSettings: Settings = {
  ...common,
  rankingRules: rankedBy("pid"),
  searchableAttributes: [...whole.post, "compounds"],
  filterableAttributes: ["pid", "uid", "tid", "bid", "timestamp", "year", "has"],
  sortableAttributes: ["pid"],
};

export const threadSettings: Settings = {
  ...common,
  rankingRules: rankedBy("tid"),
  searchableAttributes: [...whole.thread, "compounds"],
  filterableAttributes: ["tid", "uid", "bid", "timestamp", "year", "tags"],
  sortableAttributes: ["tid"],
};

/** For suggestions only: the first name is the present one, the others are aliases. */
export const userSettings: Settings = {
  ...common,
  rankingRules: rankedBy("uid"),
  searchableAttributes: ["names"],
  filterableAttributes: [],
};

/** Names of the indexes; `next` ones are filled and swapped in. */
export const indexes = { post: "potstats_posts", thread: "potstats_threads", user: "potstats_users" } as const;
