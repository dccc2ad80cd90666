/** Fills one page of results, replacing matches that were deleted since they were indexed. */
import type { Sql } from "@potstats/db/connect";
import { maxOffset, type PostHit, type SearchResponse, type ThreadHit } from "../contract.ts";
import type { Matches } from "../engines/engine.ts";
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
    const hits = await loadHits(sql, query, matches.page, query.limit - results.length);
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
