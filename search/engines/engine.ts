/** The interface of both search engines. */
import type { EngineName } from "../contract.ts";
import type { FacetName, Query } from "../query/query.ts";
import type { Term } from "../query/syntax.ts";

/** An id that matches. */
export interface Match {
  id: number;
  /** How well it matches, as results/rank.ts computes it; 0 by date. */
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
  /** Of a search by thread: whether more threads follow this page. */
  hasMore?: boolean;
  /** The id at which the engine stopped looking, if it did not look at everything. */
  stoppedAt?: number;
  /** What was searched for, if misspelled words were corrected. */
  corrected?: Term[];
  /** Empty if they are not among the query's `facetNames`. */
  facets?: Record<FacetName, FacetCounts>;
}

/** Matches per month, such as 2012-05; months without any are left out. */
export interface MonthCounts {
  perMonth: Map<string, number>;
  isExact: boolean;
  /** If it is not exact: the first month in which all matches were counted. */
  completeFrom?: string | undefined;
}

/** Engines sort by date only: relevance is computed for both alike. */
export type DatedQuery = Query & { sort: "date-asc" | "date-desc" };

export interface Engine {
  readonly name: EngineName;
  /** Whether the engine can answer this query correctly. */
  supports(query: Query): Promise<boolean>;
  /** Matches by date. */
  find(query: DatedQuery, signal?: AbortSignal): Promise<Matches>;
  /** Counts the posts that match. */
  countMonths(query: Query, signal?: AbortSignal): Promise<MonthCounts>;
}
