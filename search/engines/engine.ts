/** The interface of both search engines. */
import type { EngineName } from "../contract.ts";
import type { FacetName, Query } from "../query/query.ts";

/** An id that matches, and how well. */
export interface Match {
  id: number;
  score: number;
  /** Of a search by thread: the post's thread, and how many of its posts match. */
  thread?: { tid: number; count: number };
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
  /** Of a search by thread: whether more threads follow this page. */
  hasMore?: boolean;
  /** The id at which the engine stopped looking, if it did not look at everything. */
  stoppedAt?: number;
  /** Empty if they are not among the query's `facetNames`. */
  facets?: Record<FacetName, FacetCounts>;
}

export interface Engine {
  readonly name: EngineName;
  /** Whether the engine can answer this query correctly. */
  supports(query: Query): boolean;
  find(query: Query, signal?: AbortSignal): Promise<Matches>;
}
