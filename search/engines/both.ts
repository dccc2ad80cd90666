/** Both engines: asks Meilisearch, or PostgreSQL in its place. */
import type { EngineName, SearchResponse } from "../contract.ts";
import type { MeilisearchServer } from "../index/meilisearch-client.ts";
import { allFacets, type Query } from "../query/query.ts";
import type { DatedQuery, Engine, Matches, MonthCounts } from "./engine.ts";
import { createFailover } from "./failover.ts";
import { HeadStart } from "./head-start.ts";
import { type Database, meilisearchEngine } from "./meilisearch.ts";
import { postgresEngine } from "./postgres.ts";

/** The engine that answered. */
export type Answered = Pick<SearchResponse, "engine" | "fallback" | "typos">;

/** Matches, and the engine that found them. */
export type EngineMatches = Matches & Answered;

/** What the parts of one request share. */
export interface Shared {
  headStart: HeadStart;
  /** Engines that answered a part. Once the standby did, it answers all further parts. */
  engines: Set<EngineName>;
}

export const createShared = (): Shared => ({ headStart: new HeadStart(), engines: new Set() });

/** Whether PostgreSQL answered in place of Meilisearch. */
export const isFallback = (answeredBy: ReadonlySet<EngineName>): boolean => answeredBy.has("postgres");

interface SimilarUsers {
  uids: number[];
  /** Meilisearch, which alone knows them, did not answer. */
  fallback: boolean;
}

/** Milliseconds that a response waits for the index to be checked. */
const confirmTimeout_ms = 300;

export type Engines = ReturnType<typeof createEngines>;

/** PostgreSQL, and in front of it Meilisearch where one is configured. */
export function createEngines(database: Database, meili: MeilisearchServer | undefined) {
  const standby = postgresEngine(database.sql, database.timezone);
  const primary = meili && meilisearchEngine(meili, database);
  const failover = createFailover(async (limit_ms) => primary?.probe(limit_ms));

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
    const headStart_ms = shared.headStart.left_ms();
    const askFirst = async (limited: AbortSignal) => ({
      ...(await shared.headStart.during(first(primary, limited))),
      engine: primary.name,
    });
    const answer: T & Answered = await failover.ask<T & Answered>(askFirst, askInstead, { signal, headStart_ms });
    shared.engines.add(answer.engine);
    return answer;
  }

  /** PostgreSQL counts the users on its own time, not on that of Meilisearch. */
  async function find(query: DatedQuery, shared: Shared, signal?: AbortSignal): Promise<EngineMatches> {
    const { own, users } = splitFacets(query);
    let counted: Promise<Matches> | undefined;
    const first = (engine: Engine, limited: AbortSignal) => {
      counted = users && standby.find(users);
      // Not awaited if the standby wins.
      counted?.catch(() => {});
      return engine.find(own, limited);
    };
    const matches = await ask<Matches>(query, { first, instead: () => standby.find(query) }, shared, signal);
    if (matches.engine === standby.name || !query.facets) return matches;
    const facets = { bids: [], years: [], uids: [], ...matches.facets };
    if (!counted) return { ...matches, facets };
    const uids = await counted.then((found) => found.facets?.uids).catch(() => undefined);
    return { ...matches, facets: { ...facets, uids: uids ?? [] }, ...(uids ? {} : { fallback: true }) };
  }

  const countMonths = (query: Query, shared: Shared, signal?: AbortSignal): Promise<MonthCounts & Answered> =>
    ask<MonthCounts>(
      query,
      { first: (engine, limited) => engine.countMonths(query, limited), instead: () => standby.countMonths(query) },
      shared,
      signal,
    );

  /** Users whose name starts similarly; none without Meilisearch. */
  async function findUsers(folded: string, limit: number, signal?: AbortSignal): Promise<SimilarUsers> {
    if (!primary) return { uids: [], fallback: false };
    return failover.ask<SimilarUsers>(
      async (limited) => ({ uids: await primary.findUsers(folded, limit, limited), fallback: false }),
      async () => ({ uids: [], fallback: true }),
      { signal, isRace: false },
    );
  }

  async function health(): Promise<{ engine: EngineName; reachable: boolean }> {
    if (!primary) return { engine: standby.name, reachable: true };
    const reachable = await failover.ask(
      () => primary.confirm().then(() => true),
      async () => false,
      { headStart_ms: confirmTimeout_ms, isRace: false },
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
 * Meilisearch compares the posts of every user with the matches, which takes longer than all the rest: PostgreSQL counts
 * the users among the newest matches.
 */
function splitFacets(query: DatedQuery): { own: DatedQuery; users: DatedQuery | undefined } {
  const { facetNames = allFacets } = query;
  const others = facetNames.filter((name) => name !== "uids");
  const countsUsers = query.facets && facetNames.includes("uids");
  return {
    own: { ...query, facets: query.facets && others.length > 0, facetNames: others },
    users: countsUsers ? { ...query, facetNames: ["uids"], offset: 0, limit: 0, byThread: false } : undefined,
  };
}
