/** Finds matches by relevance with engines that only sort by date. */
import type { Sql } from "@potstats/db/connect";
import type { DatedQuery, Match, Matches } from "../engines/engine.ts";
import type { Query } from "../query/query.ts";
import { rank, type RankedMatch } from "./rank.ts";

/** The newest matches are ranked; older ones follow by date. */
export const rankWindow = 300;

type Find<M extends Matches> = (query: DatedQuery) => Promise<M>;

/** Matches in the order of the query. */
export async function findRanked<M extends Matches>(sql: Sql, query: Query, find: Find<M>): Promise<M> {
  if (query.sort !== "score") return find({ ...query, sort: query.sort });
  if (query.limit === 0) return find({ ...query, sort: "date-desc" });
  const newest = await find({ ...query, sort: "date-desc", byThread: false, offset: 0, limit: rankWindow });
  const ranked = await rank(sql, query, newest.page);
  const ordered = query.byThread ? bestOfThreads(ranked) : ranked;
  const end = query.offset + query.limit;
  const page = ordered.slice(query.offset, end);
  const hasOlder = newest.page.length === rankWindow && newest.count > rankWindow;
  // With a page of threads that ends with the window, they only tell whether more follow.
  const needsOlder = hasOlder && (query.byThread ? end >= ordered.length : end > ordered.length);
  // Older matches have the same place by date as by relevance, apart from newer ones that were deleted since.
  const deleted = query.byThread ? 0 : newest.page.length - ranked.length;
  const [older, counted] = await Promise.all([
    needsOlder
      ? find({
          ...query,
          sort: "date-desc",
          offset: query.offset + page.length + deleted,
          limit: query.limit - page.length,
          facets: false,
        })
      : undefined,
    query.byThread ? countThreads(query, page, find) : page,
  ]);
  // The engine may have counted further for a later page.
  const { count, count_is_exact } = older && older.count > newest.count ? older : newest;
  return {
    ...newest,
    count,
    count_is_exact,
    page: [...counted, ...(older?.page ?? [])],
    ...(query.byThread ? { hasMore: older?.hasMore ?? ordered.length > end } : {}),
  };
}

function bestOfThreads(ranked: RankedMatch[]): RankedMatch[] {
  const seen = new Set<number>();
  return ranked.filter(({ tid }) => !seen.has(tid) && seen.add(tid));
}

/** Adds the numbers of matches in the thread of each match. */
async function countThreads(query: Query, page: RankedMatch[], find: Find<Matches>): Promise<Match[]> {
  if (page.length === 0) return [];
  const tids = page.map(({ tid }) => tid);
  const threads = await find({
    ...query,
    tids,
    sort: "date-desc",
    byThread: true,
    offset: 0,
    limit: tids.length,
    facets: false,
  });
  const counts = new Map(threads.page.flatMap(({ thread }) => (thread ? [[thread.tid, thread.count]] : [])));
  return page.map(({ id, score, tid }) => ({ id, score, thread: { tid, count: counts.get(tid) ?? 1 } }));
}
