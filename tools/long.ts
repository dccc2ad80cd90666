/** Functions and test bodies that are longer than the limits, each with its reason. Entries that are no longer long fail. */

const closure = "one closure over shared state; its parts are functions of their own";
const page = "one page: state at the top, markup below";

export const longFunctions: Record<string, string> = {
  "analytics/testing/naive-baked.ts: naiveBaked": "every statistic the slow way, one after the other",
  "crawler/crawl.ts: crawlLocked": "the order of a crawl, step by step",
  "crawler/forum/client.ts: openForum": closure,
  "crawler/forum/refusals.ts: createRefusals": closure,
  "crawler/store/limits.ts: withinLimits": "one line per column",
  "search/meilisearch.ts: meilisearchEngine": closure,
  "search/postgres.ts: postgresEngine": closure,
  "search/search.ts: createSearch": closure,
  "server/answer/responder.ts: createResponder": closure,
  "server/app.ts: createApp": closure,
  "server/http/concurrency-limit.ts: createConcurrencyLimit": closure,
  "server/queries/guarded-sql.ts: guardSql": closure,
  "web/components/user-box.tsx: UserBox": page,
  "web/pages/compare.tsx: ComparePage": page,
  "web/pages/domain-years.tsx: DomainDetails": page,
  "web/pages/domains.tsx: DomainsPage": page,
  "web/pages/overview.tsx: Overview": page,
  "web/pages/poster-development.tsx: PosterDevelopmentPage": page,
  "web/pages/poster-stats.tsx: PosterStatsPage": page,
  "web/pages/search.tsx: SearchPage": page,
};

export const longTests: Record<string, string> = {
  "crawler/passes.test.ts: passes at random moments end as a fresh crawl does, but for what no listing shows":
    "one random history; each difference needs its reason",
};
