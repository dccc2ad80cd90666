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
import type { DatedQuery, Engine, Matches } from "./engines/engine.ts";
import { createFailover, defaultHeadStart_ms } from "./engines/failover.ts";
import { meilisearchEngine } from "./engines/meilisearch.ts";
import { postgresEngine } from "./engines/postgres.ts";
import type { MeilisearchServer } from "./index/meilisearch-client.ts";
import type { FacetName, Query } from "./query/query.ts";
import { type Resolution, resolveQuery, withoutRedundant } from "./query/resolve.ts";
import { parseQuery } from "./query/syntax.ts";
import { correctTypos } from "./query/typos.ts";
import { understoodAs } from "./query/understood.ts";
import { countOthers, loadFacets, withChosen, withOwnFacets } from "./results/facets.ts";
import { findPassages } from "./results/hits.ts";
import { loadPage } from "./results/page.ts";
import { findRanked } from "./results/ranked.ts";
import { createSuggest } from "./suggest.ts";
import { readLexicon } from "./words/lexicon.ts";

interface SearchOptions {
  sql: Sql;
  meili?: MeilisearchServer | undefined;
  /** IANA name: decides what `year:`, `before:` and `after:` mean. */
  timezone: string;
}

/** Matches, and the engine that found them. */
type EngineMatches = Matches & Pick<SearchResponse, "engine" | "fallback" | "typos">;

/** Matches in the order of the query, with misspelled words corrected if nothing matches as typed. */
export type Find = (query: Query) => Promise<EngineMatches>;

/** What the parts of one request share. */
interface Shared {
  begun_ms: number;
  /** Engines that answered a part. Once the standby did, it answers all further parts. */
  engines: Set<EngineName>;
}

type Engines = ReturnType<typeof createEngines>;

export function createSearch({ sql, meili, timezone }: SearchOptions): Search {
  void readLexicon();
  const engines = createEngines(sql, meili, timezone);
  const finder = (signal?: AbortSignal) => createFind(sql, engines, signal);
  return {
    search: (request, signal) => search(sql, finder(signal), engines.current, request, timezone),
    passages: async (content, pid) => findPassages(sql, withoutRedundant(parseQuery(content).terms), pid),
    complete: (request) => complete(sql, request),
    suggest: createSuggest(sql, finder, engines.findUsers),
    health: engines.health,
  };
}

const allFacets: FacetName[] = ["bids", "years", "uids"];

/** PostgreSQL, and in front of it Meilisearch where one is configured. */
function createEngines(sql: Sql, meili: MeilisearchServer | undefined, timezone: string) {
  const standby = postgresEngine(sql, timezone);
  const primary = meili && meilisearchEngine(meili, sql, timezone);
  const failover = createFailover(async (signal) => primary?.probe(signal));

  const findInStandby = async (query: DatedQuery): Promise<EngineMatches> => ({
    ...(await standby.find(query)),
    engine: standby.name,
  });

  /**
   * Meilisearch compares the posts of every user with the matches, which takes longer than all the rest: PostgreSQL
   * counts the users among the newest matches.
   */
  async function findInPrimary(engine: Engine, query: DatedQuery, signal: AbortSignal): Promise<EngineMatches> {
    const { facetNames = allFacets } = query;
    const others = facetNames.filter((name) => name !== "uids");
    const own = { ...query, facets: query.facets && others.length > 0, facetNames: others };
    const countUsers = query.facets && facetNames.includes("uids");
    const users: DatedQuery = { ...query, facetNames: ["uids"], offset: 0, limit: 0, byThread: false };
    const [matches, counted] = await Promise.all([
      engine.find(own, signal),
      countUsers ? standby.find(users) : undefined,
    ]);
    const facets = { bids: [], years: [], ...matches.facets, uids: counted?.facets?.uids ?? [] };
    return { ...matches, ...(query.facets ? { facets } : {}), engine: engine.name };
  }

  /** All parts of a request share one head start. */
  async function find(query: DatedQuery, shared: Shared, signal?: AbortSignal): Promise<EngineMatches> {
    if (!primary || !(await primary.supports(query))) return findInStandby(query);
    const findInstead = async () => ({ ...(await findInStandby(query)), fallback: true });
    if (shared.engines.has(standby.name)) return findInstead();
    const headStart_ms = Math.max(0, defaultHeadStart_ms - (performance.now() - shared.begun_ms));
    const findFirst = (limited: AbortSignal) => findInPrimary(primary, query, limited);
    const matches = await failover.ask(findFirst, findInstead, { signal, headStart_ms });
    shared.engines.add(matches.engine);
    return matches;
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
  const current = (): Pick<EngineMatches, "engine" | "fallback"> => {
    if (!primary) return { engine: standby.name };
    return failover.isOpen() ? { engine: standby.name, fallback: true } : { engine: primary.name };
  };

  return { find, findUsers, health, current };
}

/** @returns a function for all parts of one request */
function createFind(sql: Sql, engines: Engines, signal: AbortSignal | undefined): Find {
  let correction: ReturnType<typeof correctTypos> | undefined;
  const shared: Shared = { begun_ms: performance.now(), engines: new Set() };

  const findAsTyped = (query: Query): Promise<EngineMatches> =>
    findRanked(sql, query, (part) => engines.find(part, shared, signal));

  /** The page after the last one is empty as well, which is no reason to look for typos. */
  const matchesNothing = async (query: Query, { count }: Matches): Promise<boolean> =>
    count === 0 &&
    (query.next === undefined ||
      (await findAsTyped({ ...query, next: undefined, offset: 0, limit: 0, facets: false })).count === 0);

  return async (query) => {
    const matches = await findAsTyped(query);
    if (!(await matchesNothing(query, matches))) return matches;
    const terms = await (correction ??= correctTypos(sql, query.terms));
    if (!terms) return matches;
    const similar = await findAsTyped({ ...query, terms });
    return similar.count > 0 ? { ...similar, typos: true, corrected: terms } : matches;
  };
}

async function search(
  sql: Sql,
  find: Find,
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
  const engines = new Set<EngineName>();
  let isFallback = false;
  const findNow = async (part: Query) => {
    const matches = await find(part);
    engines.add(matches.engine);
    isFallback ||= matches.fallback === true;
    return matches;
  };
  const load = async () => {
    const [page, others] = await Promise.all([
      loadPage(sql, counting, findNow),
      isDisjunctive ? countOthers(resolution, findNow) : {},
    ]);
    // On later pages as well, count and facets cover the whole search.
    const whole = { ...counting, next: undefined, offset: 0, limit: 0 };
    return { page, others, total: query.next === undefined ? page.first : await findNow(whole) };
  };
  const findAuthorsOnce = isFirstPage ? findAuthors(sql, parts, query) : Promise.resolve([]);
  let [{ page, others, total }, authors] = await Promise.all([load(), findAuthorsOnce]);
  // Meilisearch failed after the first part: PostgreSQL may count fewer of the matches.
  if (engines.size > 1) ({ page, others, total } = await load());
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
