/** The types that callers use: request, response and error. Both engines pass the same conformance test. */

export type SearchType = "post" | "thread";
export type SearchSort = "score" | "date-asc" | "date-desc";
export type EngineName = "meilisearch" | "postgres";

/** Maximum `offset`. When sorting by date, `next` has no such limit. */
export const maxOffset = 10_000;

/** A search that exceeds a limit or combines incompatible options. The message says what is allowed. */
export class InvalidSearchError extends Error {
  override name = "InvalidSearchError";
}

/** A search as the API receives it: text in our query language, and filters as separate parameters. */
export interface SearchRequest {
  content: string;
  type: SearchType;
  sort: SearchSort;
  /** Results to skip. */
  offset: number;
  /** Cursor from the previous page; sorted by date only. */
  next?: number | undefined;
  /** Results per page, at most 100. */
  limit: number;
  facets: boolean;
  /** Posts only: each result is the best hit of its thread, and `offset` counts threads. */
  group?: "thread" | undefined;
  /**
   * The facet of boards ignores the parameter `bid`, that of years `year`, `years`, `before` and `after`, that of users
   * `uid`: it counts what choosing another value would find.
   */
  disjunctive?: boolean;
  user?: string | undefined;
  uid?: number | undefined;
  board?: string | undefined;
  bid?: number | undefined;
  year?: number | undefined;
  /** Only posts of these years, both included. */
  years?: { first: number; last: number } | undefined;
  before?: string | undefined;
  after?: string | undefined;
  has?: string | undefined;
}

interface SearchUser {
  name: string;
  uid: number;
  aliases: string[];
}

export interface PostHit {
  score: number;
  pid: number;
  poster_uid: number;
  /** Safe HTML: everything is escaped, and the only tag is `<strong>` around matches. */
  snippet: string;
  user: SearchUser;
  thread: { tid: number; title: string; subtitle: string };
  /** Unix seconds. */
  timestamp: number;
  bid: number | null;
  board: string | null;
  /** Grouped by thread only: number of hits in this thread, exact if the response's count is. */
  thread_count?: number;
}

export interface ThreadHit {
  score: number;
  tid: number;
  title: string;
  subtitle: string;
  title_html: string;
  subtitle_html: string;
  bid: number | null;
  board: string | null;
  user: SearchUser | null;
  /** Unix seconds of the opening post; null if unknown. */
  timestamp: number | null;
  post_count: number;
  tags: string[];
}

export interface Facets {
  boards: { bid: number; name: string; count: number }[];
  years: { year: number; count: number }[];
  users: { uid: number; name: string; count: number }[];
}

export type PartKind =
  | "word"
  | "prefix"
  | "exact"
  | "phrase"
  | "excluded"
  | "user"
  | "board"
  | "thread"
  | "year"
  | "before"
  | "after"
  | "has"
  | "tag";

/** A word, phrase or filter of a query. */
export interface Part {
  kind: PartKind;
  /** Without operators and quotes: a word as typed, a user's or board's current name, a thread's title. */
  text: string;
  /** In our query language. */
  content: string;
}

/** A query text as it was understood. */
export interface Understood {
  /** In our query language; finds the same as the original. Ends with a space if its last word is complete. */
  content: string;
  parts: Part[];
}

/** A user whose name is part of a query. */
export interface Author {
  uid: number;
  name: string;
  /** Number of the user's posts. */
  count: number;
  /** The query with the filter `user:` in place of the name. */
  content: string;
}

/** The response of `GET /api/search`. */
export type SearchResponse = {
  count: number;
  count_is_exact: boolean;
  /** Seconds. */
  elapsed: number;
  engine: EngineName;
  /**
   * PostgreSQL searched, if only for a part of the response, because Meilisearch did not respond: better results may
   * soon be available.
   */
  fallback?: boolean;
  /** Offset of the next page; absent on the last page and beyond {@link maxOffset}. */
  next_offset?: number;
  /** Cursor of the next page, sorted by date only; costs the same at any depth. Absent on the last page. */
  next?: number;
  facets?: Facets;
  /** Nothing matches as typed: these results contain similar words. */
  typos?: boolean;
  /** A filter that is unknown or does not apply to this type; the result is empty because of it. */
  unknown_filter?: string;
  /** The unknown filter ends the query and is the beginning of a known value: it is still being typed. */
  is_completing?: boolean;
  /** The text of the query, without the filters in other parameters. */
  understood: Understood;
  /** Users whose name is part of the query, at most 3; on the first page only. */
  authors?: Author[];
} & ({ type: "post"; results: PostHit[] } | { type: "thread"; results: ThreadHit[] });

export interface Suggestion {
  type: "user" | "board" | "thread";
  /** uid, bid or tid. */
  id: number;
  text: string;
  /** The former name that matched, if the current one did not. */
  alias?: string;
}

/** At most 8. */
export interface Suggestions {
  rows: Suggestion[];
  /** As in {@link SearchResponse}. */
  fallback?: boolean;
}

/** A filter that can be completed, by the operator's name. */
export type CompletedFilter = "user" | "board" | "year" | "before" | "after" | "has" | "tag";

export interface CompletionRequest {
  content: string;
  type: SearchType;
  /** Position of the caret in UTF-16 code units; by default the end. */
  at?: number | undefined;
}

export interface CompletionValue {
  /** The filter's value, or an operator with its colon. */
  value: string;
  /** The value for display: a user's former name follows the current one in parentheses. */
  text: string;
  /** Number of posts or threads; null for operators. */
  count: number | null;
  /** The whole query with this value. The caret belongs after the inserted filter and the space that follows it. */
  content: string;
}

/** What can complete the filter at the caret. */
export interface Completion {
  /** Null if no value is being typed: then values are operators whose name is being typed, if any. */
  filter: CompletedFilter | null;
  /** The range of the query that a value replaces, in UTF-16 code units. */
  from: number;
  to: number;
  /** At most 8. */
  values: CompletionValue[];
}

export interface TrendsRequest {
  /** Texts in our query language. */
  queries: string[];
  per: "month" | "year";
  bid?: number | undefined;
  uid?: number | undefined;
}

/** How often posts match queries, over time. */
export interface Trends {
  /** The engine that answered; PostgreSQL if it answered any of the queries. */
  engine: EngineName;
  /** As in {@link SearchResponse}. */
  fallback?: boolean;
  queries: {
    q: string;
    /** All matches. */
    count: number;
    count_is_exact: boolean;
    /** If it is not exact: the first period in which all matches were counted; absent if there is none. */
    complete_from?: string;
    typos?: boolean;
    unknown_filter?: string;
  }[];
  /** From the first to the last period with searchable posts, without gaps. */
  periods: {
    /** 2012-05 or 2012. */
    period: string;
    /** Searchable posts. */
    post_count: number;
    /** Matches of each query. */
    counts: number[];
  }[];
}

/** Searches in Meilisearch, or in PostgreSQL while Meilisearch is unavailable. */
export interface Search {
  /** @throws InvalidSearchError */
  search(request: SearchRequest, signal?: AbortSignal): Promise<SearchResponse>;
  /** Users, boards and threads whose name starts with `prefix`; typos are forgiven, in users' names by Meilisearch only. */
  suggest(prefix: string, signal?: AbortSignal): Promise<Suggestions>;
  /**
   * All passages of a post that match a query, at most 10, as safe HTML like a snippet; undefined if there is no such
   * post or it is not searchable.
   * @throws InvalidSearchError
   */
  passages(content: string, pid: number): Promise<string[] | undefined>;
  /**
   * Posts that match each query per month or year. Words are corrected as in a search: if nothing matches as typed.
   * @throws InvalidSearchError
   */
  trends(request: TrendsRequest, signal?: AbortSignal): Promise<Trends>;
  /** Values for the filter that is being typed. */
  complete(request: CompletionRequest): Promise<Completion>;
  /**
   * The engine in use; `reachable` is false if a configured Meilisearch is not, or if its index is not as new as
   * PostgreSQL's: if that is false after a search, the search may have found what is out of date.
   */
  health(): Promise<{ engine: EngineName; reachable: boolean }>;
}
