/** The interface of both search engines. */
import type { EngineName } from "../contract.ts";
import type { Query } from "../query/query.ts";

/** An id that matches, and how well. */
export interface Match {
  id: number;
  score: number;
}

/** A facet's values, each with its number of matches, most frequent first. */
export type FacetCounts = [value: number, count: number][];

export interface Matches {
  /** One page, in the order of the query. */
  page: Match[];
  count: number;
  count_is_exact: boolean;
  /** No document contains the words as typed: these contain similar ones. */
  typos?: boolean;
  /** The id at which the engine stopped looking, if it did not look at everything. */
  stoppedAt?: number;
  facets?: { bids: FacetCounts; years: FacetCounts; uids: FacetCounts };
}

export interface Engine {
  readonly name: EngineName;
  /** Whether the engine can answer this query correctly. */
  supports(query: Query): boolean;
  find(query: Query, signal?: AbortSignal): Promise<Matches>;
}
