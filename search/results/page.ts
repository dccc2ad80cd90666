/** Fills one page of results, replacing matches that were deleted since they were indexed. */
import type { Sql } from "@potstats/db/connect";
import { maxOffset, type PostHit, type SearchResponse, type ThreadHit } from "../contract.ts";
import type { Match, Matches } from "../engines/engine.ts";
import type { Query } from "../query/query.ts";
import { loadHits } from "./hits.ts";

/** Maximum number of matches inspected per page, and matches per request after the first. */
const maxInspected = 10_000;
const replacementBatch = 1000;
/** How long a page is filled by further searches if the engine stops early. */
const fillTimeout_ms = 1000;

export interface Page<M extends Matches> {
  results: (PostHit | ThreadHit)[];
  links: Pick<SearchResponse, "next_offset" | "next">;
  /** Some matches were deleted. */
  hasGaps: boolean;
  /** The engine's first result. */
  first: M;
}

export async function loadPage<M extends Matches>(
  sql: Sql,
  query: Query,
  find: (query: Query) => Promise<M>,
): Promise<Page<M>> {
  if (query.byThread) return loadThreadPage(sql, query, find);
  const deadline_ms = performance.now() + fillTimeout_ms;
  const isByDate = query.sort !== "score";
  const results: (PostHit | ThreadHit)[] = [];
  let { offset, next, limit: batch } = query;
  let [inspected, passed] = [0, query.offset];
  let [hasMore, hasGaps] = [true, false];
  let first: M | undefined;
  while (hasMore && results.length < query.limit && inspected <= maxInspected) {
    const facets = query.facets && !first && query.next === undefined;
    const matches = await find({ ...query, offset, next, limit: batch, facets });
    first ??= matches;
    const hits = await loadHits(sql, asSearched(query, matches), matches.page, query.limit - results.length);
    results.push(...hits.map(({ hit }) => hit));
    const isFull = results.length === query.limit;
    const consumed = isFull ? (hits.at(-1)?.at ?? -1) + 1 : matches.page.length;
    const lastId = matches.page[consumed - 1]?.id;
    hasGaps ||= consumed > hits.length;
    passed += consumed;
    inspected += batch;
    batch = replacementBatch;
    if (offset + consumed < matches.count) {
      // By date, a page can start at an id, which costs the same at any depth.
      if (isByDate && lastId !== undefined) [next, offset] = [lastId, 0];
      else offset += consumed;
      hasMore = consumed > 0;
    } else if (isByDate && matches.stoppedAt !== undefined) {
      offset = Math.max(0, offset - matches.count);
      next = isFull ? lastId : matches.stoppedAt;
      if (performance.now() > deadline_ms) break;
    } else hasMore = false;
  }
  const links = {
    ...(hasMore && query.next === undefined && passed <= maxOffset ? { next_offset: passed } : {}),
    ...(hasMore && isByDate && next !== undefined ? { next } : {}),
  };
  return { results, links, hasGaps, first: first as M };
}

/** The query with the words that were searched for, which are marked in the results. */
const asSearched = (query: Query, { corrected }: Matches): Query =>
  corrected ? { ...query, terms: corrected } : query;

/** Maximum number of searches that fill one page of threads. */
const maxThreadSearches = 10;

/** A page of threads, each with its best post. */
async function loadThreadPage<M extends Matches>(
  sql: Sql,
  query: Query,
  find: (query: Query) => Promise<M>,
): Promise<Page<M>> {
  const first = await find(query);
  const results: PostHit[] = [];
  let { offset } = query;
  let hasGaps = false;
  let [matches, hasMore] = [first, true];
  for (let searches = 1; hasMore; searches++) {
    const hits = await bestHits(sql, asSearched(query, matches), find, matches.page);
    let consumed = 0;
    for (const { hit, isReplacement } of hits) {
      if (results.length === query.limit) break;
      consumed++;
      if (hit) results.push(hit);
      hasGaps ||= !hit || isReplacement;
    }
    offset += consumed;
    hasMore = consumed < hits.length || matches.hasMore === true;
    if (results.length === query.limit || consumed === 0 || searches === maxThreadSearches) break;
    if (hasMore) matches = await find({ ...query, offset, facets: false });
  }
  return { results, links: hasMore && offset <= maxOffset ? { next_offset: offset } : {}, hasGaps, first };
}

/** The hit of each match; if its post was deleted, the next best one of the thread, if any is left. */
async function bestHits(
  sql: Sql,
  query: Query,
  find: (query: Query) => Promise<Matches>,
  matches: Match[],
): Promise<{ hit: PostHit | undefined; isReplacement: boolean }[]> {
  const load = async (some: Match[]) => {
    const hits = await loadHits(sql, query, some, some.length);
    return hits.map(({ hit, at }) => [at, hit as PostHit] as const);
  };
  const hitAt = new Map(await load(matches));
  const missing = matches.flatMap(({ thread }, at) => (thread && !hitAt.has(at) ? thread.tid : []));
  const replacements = new Map<number, PostHit>();
  if (missing.length > 0) {
    const others = await find({
      ...query,
      byThread: false,
      tids: missing,
      offset: 0,
      limit: replacementBatch,
      facets: false,
    });
    for (const [, hit] of await load(others.page))
      if (!replacements.has(hit.thread.tid)) replacements.set(hit.thread.tid, hit);
  }
  return matches.map(({ thread, score }, at) => {
    const own = hitAt.get(at);
    const hit = own ?? replacements.get(thread?.tid ?? 0);
    return {
      hit: hit && { ...hit, score: own ? score : hit.score, thread_count: thread?.count ?? 1 },
      isReplacement: !own,
    };
  });
}
