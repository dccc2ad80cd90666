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
import type { EngineName, PostHit, Search, SearchResponse, SearchRequest, ThreadHit } from "./contract.ts";
import type { Matches } from "./engines/engine.ts";
import { createFailover } from "./engines/failover.ts";
import { meilisearchEngine } from "./engines/meilisearch.ts";
import { postgresEngine } from "./engines/postgres.ts";
import type { MeilisearchServer } from "./index/meilisearch-client.ts";
import type { Query } from "./query/query.ts";
import { type Resolution, resolveQuery, withoutRedundant } from "./query/resolve.ts";
import { parseQuery } from "./query/syntax.ts";
import { understoodAs } from "./query/understood.ts";
import { countOthers, loadFacets, withChosen, withOwnFacets } from "./results/facets.ts";
import { findPassages } from "./results/hits.ts";
import { loadPage } from "./results/page.ts";
import { createSuggest } from "./suggest.ts";
import { readLexicon } from "./words/lexicon.ts";

interface SearchOptions {
  sql: Sql;
  meili?: MeilisearchServer | undefined;
  /** IANA name: decides what `year:`, `before:` and `after:` mean. */
  timezone: string;
}

/**
 * Meilisearch's head start for later pages by score: a page from PostgreSQL would not continue Meilisearch's ranking.
 */
const laterPageHeadStart_ms = 1000;

/** Matches, and the engine that found them. */
type EngineMatches = Matches & Pick<SearchResponse, "engine" | "fallback">;

type Engines = ReturnType<typeof createEngines>;

export function createSearch({ sql, meili, timezone }: SearchOptions): Search {
  void readLexicon();
  const engines = createEngines(sql, meili, timezone);
  return {
    search: (request, signal) => search(sql, engines, request, timezone, signal),
    passages: async (content, pid) => findPassages(sql, withoutRedundant(parseQuery(content).terms), pid),
    complete: (request) => complete(sql, request),
    suggest: createSuggest(sql, engines),
    health: engines.health,
  };
}

/** PostgreSQL, and in front of it Meilisearch where one is configured. */
function createEngines(sql: Sql, meili: MeilisearchServer | undefined, timezone: string) {
  const standby = postgresEngine(sql, timezone);
  const primary = meili && meilisearchEngine(meili, sql);
  const failover = createFailover(async (signal) => primary?.probe(signal));

  async function find(query: Query, signal?: AbortSignal): Promise<EngineMatches> {
    const findInStandby = async (): Promise<EngineMatches> => ({
      ...(await standby.find(query)),
      engine: standby.name,
    });
    if (!primary?.supports(query)) return findInStandby();
    const isLaterPage = query.sort === "score" && query.offset > 0;
    return failover.ask(
      async (limited): Promise<EngineMatches> => ({ ...(await primary.find(query, limited)), engine: primary.name }),
      async () => ({ ...(await findInStandby()), fallback: true }),
      { signal, ...(isLaterPage ? { headStart_ms: laterPageHeadStart_ms } : {}) },
    );
  }

  /** Users whose name starts similarly; none without Meilisearch. */
  async function findUsers(folded: string, limit: number, signal?: AbortSignal): Promise<number[]> {
    if (!primary) return [];
    return failover.ask(
      (limited) => primary.findUsers(folded, limit, limited),
      async () => [],
      { signal },
    );
  }

  async function health(): Promise<{ engine: EngineName; reachable: boolean }> {
    if (!primary) return { engine: standby.name, reachable: true };
    const reachable = await failover.ask(
      () => primary.ensureOurs().then(() => true),
      async () => false,
    );
    return { engine: reachable ? primary.name : standby.name, reachable };
  }

  /** The engine that the next search would use. */
  const current = (): EngineName => (primary && !failover.isOpen() ? primary.name : standby.name);

  return { find, findUsers, health, current };
}

async function search(
  sql: Sql,
  { find, current }: Engines,
  request: SearchRequest,
  timezone: string,
  signal: AbortSignal | undefined,
): Promise<SearchResponse> {
  const started_ms = performance.now();
  const elapsed = () => (performance.now() - started_ms) / 1000;
  const resolution = await resolveQuery(sql, request, timezone);
  const { query, parts } = resolution;
  const understood = understoodAs(parts);
  if (!query) {
    const reason = await explainEmptiness(sql, request, resolution);
    const nothing = { count: 0, count_is_exact: true, type: request.type, results: [] };
    return { ...nothing, ...reason, engine: current(), understood, elapsed: elapsed() };
  }
  const isFirstPage = query.offset === 0 && query.next === undefined;
  const isDisjunctive = request.facets && request.disjunctive === true;
  const counting = isDisjunctive ? withOwnFacets(query, resolution) : query;
  let isFallback = false;
  const findNow = async (part: Query) => {
    const matches = await find(part, signal);
    isFallback ||= matches.fallback === true;
    return matches;
  };
  const [page, authors, others] = await Promise.all([
    loadPage(sql, counting, findNow),
    isFirstPage ? findAuthors(sql, parts, query) : [],
    isDisjunctive ? countOthers(resolution, findNow) : {},
  ]);
  // On later pages as well, count and facets cover the whole search.
  const total =
    query.next === undefined ? page.first : await findNow({ ...counting, next: undefined, offset: 0, limit: 0 });
  const counts = { bids: [], years: [], uids: [], ...total.facets, ...others };
  const facets =
    request.facets && (await loadFacets(sql, isDisjunctive ? withChosen(counts, request, total.count) : counts));
  return {
    count: total.count,
    count_is_exact: total.count_is_exact && !page.hasGaps,
    engine: page.first.engine,
    ...(isFallback ? { fallback: true } : {}),
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
