/** Finds matches: asks Meilisearch, or PostgreSQL in its place, ranks the answer and corrects misspelled words. */
import type { Sql } from "@potstats/db/connect";
import type { EngineName } from "./contract.ts";
import { type Answered, createShared, type EngineMatches, type Engines } from "./engines/both.ts";
import type { Matches, MonthCounts } from "./engines/engine.ts";
import type { Query } from "./query/query.ts";
import { correctTypos } from "./query/typos.ts";
import { findRanked } from "./results/ranked.ts";

/** Matches in the order of the query, with misspelled words corrected if nothing matches as typed. */
export type Find = (query: Query) => Promise<EngineMatches>;

/** Finds matches for one request. */
export interface Finder {
  find: Find;
  /** The engines that answered its parts, where Meilisearch could: more than one if it failed in between. */
  answeredBy: ReadonlySet<EngineName>;
}

/** The query without the period that its request sets beside the text. */
function withoutOwnPeriod({ typedPeriod, ...query }: Query): Query {
  if (typedPeriod === undefined) return query;
  const { from: _from, to: _to, ...rest } = query;
  return { ...rest, ...typedPeriod };
}

/** @returns what all parts of one request share */
export function createFinder(sql: Sql, engines: Engines, signal: AbortSignal | undefined): Finder {
  let correction: ReturnType<typeof correctTypos> | undefined;
  const shared = createShared();

  const findAsTyped = (query: Query): Promise<EngineMatches> =>
    findRanked(sql, query, (part) => engines.find(part, shared, signal));

  /** The page after the last one and other periods are no reason to look for typos if they are empty. */
  const matchesNothing = async (query: Query, { count }: Matches): Promise<boolean> =>
    count === 0 &&
    ((query.next === undefined && query.typedPeriod === undefined) ||
      (await findAsTyped({ ...withoutOwnPeriod(query), next: undefined, offset: 0, limit: 0, facets: false })).count ===
        0);

  async function find(query: Query): Promise<EngineMatches> {
    const matches = await findAsTyped(query);
    if (!(await matchesNothing(query, matches))) return matches;
    const terms = await (correction ??= correctTypos(sql, query.terms));
    if (!terms) return matches;
    const similar = await findAsTyped({ ...query, terms });
    return similar.count > 0 ? { ...similar, typos: true, corrected: terms } : matches;
  }

  return { find, answeredBy: shared.engines };
}

/** Counts the matches of a query per month, with misspelled words corrected if nothing matches as typed. */
export type CountMonths = (query: Query) => Promise<MonthCounts & Answered>;

/** @returns a function for one query of a request */
export function createCountMonths(sql: Sql, engines: Engines, signal: AbortSignal | undefined): CountMonths {
  const shared = createShared();
  const count = (query: Query) => engines.countMonths(query, shared, signal);
  return async (query) => {
    const counts = await count(query);
    if (counts.perMonth.size > 0) return counts;
    const terms = await correctTypos(sql, query.terms);
    const similar = terms && (await count({ ...query, terms }));
    return similar && similar.perMonth.size > 0 ? { ...similar, typos: true } : counts;
  };
}
