import type { SearchSort, SearchType } from "../contract.ts";
import type { Term } from "./syntax.ts";

/** Facets by the ids that they count. */
export type FacetName = "bids" | "years" | "uids";

export const allFacets: FacetName[] = ["bids", "years", "uids"];

/** An engine's input: a search with all names resolved to ids. */
export interface Query {
  type: SearchType;
  terms: Term[];
  /** Any of these users, boards, threads; undefined: all. */
  uids?: number[];
  bids?: number[];
  tids?: number[];
  /** Unix seconds, half-open. */
  from?: number;
  to?: number;
  /**
   * The period without the parameters of the request: if anything matches in it, no words are corrected where the
   * request's own period is empty.
   */
  typedPeriod?: { from?: number; to?: number };
  /** All of these kinds of links. */
  has: string[];
  /** Threads with all of these words among their tags. */
  tags: string[];
  sort: SearchSort;
  offset: number;
  limit: number;
  facets: boolean;
  /** PostgreSQL counts matches up to this number; undefined: up to its own limit. */
  maxCounted?: number;
  /** Which facets; undefined: all. */
  facetNames?: FacetName[];
  /** Posts only: the best match of each thread. `offset` and `limit` count threads. */
  byThread?: boolean;
  /** Cursor: only ids after this one in the sort order (by date, which is by id). */
  next?: number | undefined;
}
