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
  user?: string | undefined;
  uid?: number | undefined;
  board?: string | undefined;
  bid?: number | undefined;
  year?: number | undefined;
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

/** The response of `GET /api/search`. */
export type SearchResponse = {
  count: number;
  count_is_exact: boolean;
  /** Seconds. */
  elapsed: number;
  engine: EngineName;
  /** PostgreSQL searched because Meilisearch did not respond: better results may soon be available. */
  fallback?: boolean;
  /** Offset of the next page; absent on the last page and beyond {@link maxOffset}. */
  next_offset?: number;
  /** Cursor of the next page, sorted by date only; costs the same at any depth. Absent on the last page. */
  next?: number;
  facets?: Facets;
  /** Nothing matches as typed: these results contain similar words. Meilisearch only. */
  typos?: boolean;
  /** A filter that is unknown or does not apply to this type; the result is empty because of it. */
  unknown_filter?: string;
} & ({ type: "post"; results: PostHit[] } | { type: "thread"; results: ThreadHit[] });

export interface Suggestion {
  type: "user" | "board" | "thread";
  /** uid, bid or tid. */
  id: number;
  text: string;
  /** The former name that matched, if the current one did not. */
  alias?: string;
}

/** Searches in Meilisearch, or in PostgreSQL while Meilisearch is unavailable. */
export interface Search {
  /** @throws InvalidSearchError */
  search(request: SearchRequest, signal?: AbortSignal): Promise<SearchResponse>;
  /** At most 8 users, boards and threads whose name starts with `prefix`; Meilisearch also forgives typos. */
  suggest(prefix: string, signal?: AbortSignal): Promise<Suggestion[]>;
  /** For /api/status and /readyz: the engine in use; `reachable` is false if a configured Meilisearch is not. */
  health(): Promise<{ engine: EngineName; reachable: boolean }>;
}
