/** Finds matches: asks Meilisearch, or PostgreSQL in its place, ranks the answer and corrects misspelled words. */
import type { Sql } from "@potstats/db/connect";
import type { EngineName, SearchResponse } from "./contract.ts";
import type { DatedQuery, Engine, Matches, MonthCounts } from "./engines/engine.ts";
import { createFailover, defaultHeadStart_ms } from "./engines/failover.ts";
import { meilisearchEngine } from "./engines/meilisearch.ts";
import { postgresEngine } from "./engines/postgres.ts";
import type { MeilisearchServer } from "./index/meilisearch-client.ts";
import { allFacets, type Query } from "./query/query.ts";
import { correctTypos } from "./query/typos.ts";
import { findRanked } from "./results/ranked.ts";

/** The engine that answered. */
type Answered = Pick<SearchResponse, "engine" | "fallback" | "typos">;

/** Matches, and the engine that found them. */
type EngineMatches = Matches & Answered;

/** Matches in the order of the query, with misspelled words corrected if nothing matches as typed. */
export type Find = (query: Query) => Promise<EngineMatches>;

/** What the parts of one request share. */
interface Shared {
  begun_ms: number;
  /** Engines that answered a part. Once the standby did, it answers all further parts. */
  engines: Set<EngineName>;
}

export type Engines = ReturnType<typeof createEngines>;

/** PostgreSQL, and in front of it Meilisearch where one is configured. */
export function createEngines(sql: Sql, meili: MeilisearchServer | undefined, timezone: string) {
  const standby = postgresEngine(sql, timezone);
  const primary = meili && meilisearchEngine(meili, sql, timezone);
  const failover = createFailover(async (signal) => primary?.probe(signal));

  /** Asks the engine that answers the query exactly. All parts of a request share one head start. */
  async function ask<T extends object>(
    query: Query,
    { first, instead }: { first: (engine: Engine, signal: AbortSignal) => Promise<T>; instead: () => Promise<T> },
    shared: Shared,
    signal: AbortSignal | undefined,
  ): Promise<T & Answered> {
    const askStandby = async () => ({ ...(await instead()), engine: standby.name });
    if (!primary || !(await primary.supports(query))) return askStandby();
    const askInstead = async () => ({ ...(await askStandby()), fallback: true });
    if (shared.engines.has(standby.name)) return askInstead();
    const headStart_ms = Math.max(0, defaultHeadStart_ms - (performance.now() - shared.begun_ms));
    const askFirst = async (limited: AbortSignal) => ({ ...(await first(primary, limited)), engine: primary.name });
    const answer: T & Answered = await failover.ask<T & Answered>(askFirst, askInstead, { signal, headStart_ms });
    shared.engines.add(answer.engine);
    return answer;
  }

  const find = (query: DatedQuery, shared: Shared, signal?: AbortSignal): Promise<EngineMatches> =>
    ask<Matches>(
      query,
      {
        first: (engine, limited) => findInPrimary({ engine, standby }, query, limited),
        instead: () => standby.find(query),
      },
      shared,
      signal,
    );

  const countMonths = (query: Query, shared: Shared, signal?: AbortSignal): Promise<MonthCounts & Answered> =>
    ask<MonthCounts>(
      query,
      { first: (engine, limited) => engine.countMonths(query, limited), instead: () => standby.countMonths(query) },
      shared,
      signal,
    );

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

  return { find, countMonths, findUsers, health, current };
}

/**
 * Meilisearch compares the posts of every user with the matches, which takes longer than all the rest: PostgreSQL
 * counts the users among the newest matches.
 */
async function findInPrimary(
  { engine, standby }: { engine: Engine; standby: Engine },
  query: DatedQuery,
  signal: AbortSignal,
): Promise<Matches> {
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
  return { ...matches, ...(query.facets ? { facets } : {}) };
}

/** The query without the period that its request sets beside the text. */
function withoutOwnPeriod({ typedPeriod, ...query }: Query): Query {
  if (typedPeriod === undefined) return query;
  const { from: _from, to: _to, ...rest } = query;
  return { ...rest, ...typedPeriod };
}

/** @returns a function for all parts of one request */
export function createFind(sql: Sql, engines: Engines, signal: AbortSignal | undefined): Find {
  let correction: ReturnType<typeof correctTypos> | undefined;
  const shared: Shared = { begun_ms: performance.now(), engines: new Set() };

  const findAsTyped = (query: Query): Promise<EngineMatches> =>
    findRanked(sql, query, (part) => engines.find(part, shared, signal));

  /** The page after the last one and other periods are no reason to look for typos if they are empty. */
  const matchesNothing = async (query: Query, { count }: Matches): Promise<boolean> =>
    count === 0 &&
    ((query.next === undefined && query.typedPeriod === undefined) ||
      (await findAsTyped({ ...withoutOwnPeriod(query), next: undefined, offset: 0, limit: 0, facets: false })).count ===
        0);

  return async (query) => {
    const matches = await findAsTyped(query);
    if (!(await matchesNothing(query, matches))) return matches;
    const terms = await (correction ??= correctTypos(sql, query.terms));
    if (!terms) return matches;
    const similar = await findAsTyped({ ...query, terms });
    return similar.count > 0 ? { ...similar, typos: true, corrected: terms } : matches;
  };
}

/** Counts the matches of a query per month, with misspelled words corrected if nothing matches as typed. */
export type CountMonths = (query: Query) => Promise<MonthCounts & Answered>;

/** @returns a function for one query of a request */
export function createCountMonths(sql: Sql, engines: Engines, signal: AbortSignal | undefined): CountMonths {
  const shared: Shared = { begun_ms: performance.now(), engines: new Set() };
  const count = (query: Query) => engines.countMonths(query, shared, signal);
  return async (query) => {
    const counts = await count(query);
    if (counts.perMonth.size > 0) return counts;
    const terms = await correctTypos(sql, query.terms);
    const similar = terms && (await count({ ...query, terms }));
    return similar && similar.perMonth.size > 0 ? { ...similar, typos: true } : counts;
  };
}
