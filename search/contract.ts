/** What a search engine answers, whichever it is. Both engines pass one conformance test suite. */

export type SearchType = "post" | "thread";
export type SearchSort = "score" | "date-asc" | "date-desc";

/** Hits that can be skipped by an offset. */
export const mostOffset = 10_000;

/** A search that asks for more than it may, or for what does not go together; the message says what would do. */
export class InvalidSearch extends Error {
  override name = "InvalidSearch";
}

/** A search as the API takes it: the query text in our query language, and filters beside it. */
export interface SearchRequest {
  content: string;
  type: SearchType;
  sort: SearchSort;
  /** Hits to skip. */
  offset: number;
  /** Where the page before this one ended, in an order of date. */
  next?: number | undefined;
  /** Hits a page, at most 100. */
  limit: number;
  facets: boolean;
  user?: string | undefined;
  uid?: number | undefined;
  board?: string | undefined;
  bid?: number | undefined;
  year?: number | undefined;
  before?: string | undefined;
  after?: string | undefined;
  has?: string | undefined;
}

export interface SearchUser {
  name: string;
  uid: number;
  aliases: string[];
}

export interface PostHit {
  score: number;
  pid: number;
  poster_uid: number;
  /** Safe HTML: everything escaped, only `<strong>` around hits. */
  snippet: string;
  user: SearchUser;
  thread: { tid: number; title: string; subtitle: string };
  /** Unix seconds. */
  timestamp: number;
  bid: number | null;
  board: string | null;
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
  /** Unix seconds of the opening post; null when unknown. */
  timestamp: number | null;
  post_count: number;
  tags: string[];
}

export interface Facets {
  boards: { bid: number; name: string; count: number }[];
  years: { year: number; count: number }[];
  users: { uid: number; name: string; count: number }[];
}

/** The answer of `GET /api/search`. */
export type SearchAnswer = {
  count: number;
  count_is_exact: boolean;
  /** Seconds. */
  elapsed: number;
  engine: "meilisearch" | "postgres";
  /** PostgreSQL answered in place of Meilisearch, which did not: there may soon be a better answer. */
  fallback?: boolean;
  /** Offset of the next page; absent at the end, and where offsets end. */
  next_offset?: number;
  /** In an order of date: leads to the next page at the same cost, however far it is; absent at the end. */
  next?: number;
  facets?: Facets;
  /** Nothing was found as typed: the hits have words that are nearly the same. Meilisearch alone finds them. */
  typos?: boolean;
  /** A filter that names nothing known or does not fit the type, and therefore found nothing. */
  unknown_filter?: string;
} & ({ type: "post"; results: PostHit[] } | { type: "thread"; results: ThreadHit[] });

export interface Suggestion {
  type: "user" | "board" | "thread";
  /** uid, bid or tid. */
  id: number;
  text: string;
  /** The former name by which a user was found, if it was not the present one. */
  alias?: string;
}

/** What the server asks. Answers come from Meilisearch, or from PostgreSQL when it cannot. */
export interface Search {
  search(request: SearchRequest, signal?: AbortSignal): Promise<SearchAnswer>;
  /** At most 8 users, boards and threads whose name begins like `prefix`, or nearly so where Meilisearch answers. */
  suggest(prefix: string, signal?: AbortSignal): Promise<Suggestion[]>;
  /** Which engine answers now, and whether Meilisearch is there if it ought to be, for /api/status and /readyz. */
  health(): Promise<{ engine: "meilisearch" | "postgres"; reachable: boolean }>;
}
