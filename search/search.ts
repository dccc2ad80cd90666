/**
 * Runs searches: resolves the query, lets an engine find matches, and loads their results.
 *
 * Searches use raw SQL rather than drizzle: the plain statements run on every keystroke, where drizzle takes twice the
 * CPU time (75 instead of 30 µs), and the others need what drizzle cannot express (tsquery, row comparisons). Row types
 * come from the tables.
 */
import type { Sql } from "@potstats/db/connect";
import { findAuthors } from "./authors.ts";
import { complete, isCompleting } from "./complete.ts";
import type { PostHit, Search, SearchResponse, SearchRequest, ThreadHit } from "./contract.ts";
import { createEngines, type Engines, isFallback } from "./engines/both.ts";
import { createCountMonths, createFinder, type Finder } from "./find.ts";
import type { MeilisearchServer } from "./index/meilisearch-client.ts";
import { type Resolution, resolveQuery, withoutRedundant } from "./query/resolve.ts";
import { parseQuery } from "./query/syntax.ts";
import { understoodAs } from "./query/understood.ts";
import { countOthers, loadFacets, withChosen, withOwnFacets } from "./results/facets.ts";
import { findPassages } from "./results/hits.ts";
import { loadPage } from "./results/page.ts";
import { createSuggest } from "./suggest.ts";
import { findTrends } from "./trends.ts";
import { readLexicon } from "./words/lexicon.ts";

interface SearchOptions {
  /** For the queries of single requests. */
  sql: Sql;
  /** For queries that several requests wait for: none of them may end these. By default `sql`. */
  shared?: Sql;
  meili?: MeilisearchServer | undefined;
  /** IANA name: decides what `year:`, `before:` and `after:` mean. */
  timezone: string;
}

export function createSearch({ sql, shared = sql, meili, timezone }: SearchOptions): Search {
  void readLexicon();
  const engines = createEngines({ sql, shared, timezone }, meili);
  const finder = (signal?: AbortSignal) => createFinder(sql, engines, signal);
  return {
    search: (request, signal) => search(sql, finder(signal), engines.current, request, timezone),
    passages: async (content, pid) => findPassages(sql, withoutRedundant(parseQuery(content).terms), pid),
    complete: (request) => complete(sql, request),
    trends: (request, signal) =>
      findTrends(sql, createCountMonths(sql, engines, signal), engines.current, request, timezone),
    suggest: createSuggest(sql, finder, engines.findUsers),
    health: engines.health,
  };
}

async function search(
  sql: Sql,
  { find, answeredBy }: Finder,
  current: Engines["current"],
  request: SearchRequest,
  timezone: string,
): Promise<SearchResponse> {
  const started_ms = performance.now();
  const elapsed = () => (performance.now() - started_ms) / 1000;
  const resolution = await resolveQuery(sql, request, timezone);
  const { query, parts } = resolution;
  const understood = understoodAs(parts);
  if (!query) {
    const reason = await explainEmptiness(sql, request, resolution);
    const nothing = { count: 0, count_is_exact: true, type: request.type, results: [] };
    return { ...nothing, ...reason, ...current(), understood, elapsed: elapsed() };
  }
  const isFirstPage = query.offset === 0 && query.next === undefined;
  const isDisjunctive = request.facets && request.disjunctive === true;
  const counting = isDisjunctive ? withOwnFacets(query, resolution) : query;
  const load = async () => {
    const [page, others] = await Promise.all([
      loadPage(sql, counting, find),
      isDisjunctive ? countOthers(resolution, find) : {},
    ]);
    // On later pages as well, count and facets cover the whole search.
    const whole = { ...counting, next: undefined, offset: 0, limit: 0 };
    return { page, others, total: query.next === undefined ? page.first : await find(whole) };
  };
  const findAuthorsOnce = isFirstPage ? findAuthors(sql, parts, query) : Promise.resolve([]);
  let [{ page, others, total }, authors] = await Promise.all([load(), findAuthorsOnce]);
  // Meilisearch failed after the first part: PostgreSQL may count fewer of the matches.
  if (answeredBy.size > 1) ({ page, others, total } = await load());
  const counts = { bids: [], years: [], uids: [], ...total.facets, ...others };
  const facets =
    request.facets && (await loadFacets(sql, isDisjunctive ? withChosen(counts, request, total.count) : counts));
  return {
    count: total.count,
    count_is_exact: total.count_is_exact && !page.hasGaps,
    engine: page.first.engine,
    ...(isFallback(answeredBy) || total.fallback ? { fallback: true } : {}),
    ...(total.typos ? { typos: true } : {}),
    ...(facets ? { facets } : {}),
    ...page.links,
    understood,
    ...(authors.length > 0 ? { authors } : {}),
    elapsed: elapsed(),
    ...(query.type === "post"
      ? { type: "post", results: page.results as PostHit[] }
      : { type: "thread", results: page.results as ThreadHit[] }),
  };
}

/** The filter because of which nothing can match, and whether it is still being typed. */
async function explainEmptiness(
  sql: Sql,
  request: SearchRequest,
  { unknownFilter }: Resolution,
): Promise<Pick<SearchResponse, "unknown_filter" | "is_completing">> {
  if (unknownFilter === undefined) return {};
  const isUnfinished = await isCompleting(sql, request, unknownFilter);
  return { unknown_filter: unknownFilter, ...(isUnfinished ? { is_completing: true } : {}) };
}
