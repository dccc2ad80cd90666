/** The PostgreSQL engine: searches where no Meilisearch is configured or reachable. */
import type { Sql } from "@potstats/db/connect";
import type { Query } from "../query/query.ts";
import type { Engine, Matches } from "./engine.ts";
import {
  maxScored,
  type Result,
  type Sample,
  sampleSize,
  type Statements,
  statementsFor,
} from "./postgres-statements.ts";
import { pidRangeOf } from "./pid-scan.ts";

/** Facets are counted over this many matches. */
const maxCounted = 10_000;
/** Posts to scan, at most, to count matches and to fill a page: a million take about a second. */
const scanLimits = { count: 50_000, page: 300_000 };
/** Posts that can be scanned in the time of one index lookup. */
const scannedPerLookUp = 10;
const maxLookedUp = 100_000;
const maxId = 2 ** 31 - 1;

/**
 * The cost of a search is bounded by the posts it touches. A sample of the newest posts (oldest, if ascending) decides:
 * if matches are common, posts are scanned in order; if rare, they are looked up in the index by their words. A search
 * that is too common to look up and too rare for a scan returns what the scan found, and its count is marked as
 * inexact.
 */
export const postgresEngine = (sql: Sql, timezone: string): Engine => ({
  name: "postgres",
  supports: () => true,
  async find(query: Query): Promise<Matches> {
    if ([query.uids, query.bids, query.tids].some((ids) => ids?.length === 0)) return noMatches(query);
    const range = await idRange(sql, query);
    if (!range) return noMatches(query);
    const statements = statementsFor(sql, timezone, query, range);
    return query.type === "post" ? findPosts(query, statements) : findThreads(query, statements);
  },
});

/** Ids to consider, both ends included; undefined if there are none. */
async function idRange(sql: Sql, { type, from, to, sort, next }: Query) {
  const pids = type === "post" ? await pidRangeOf(sql, from, to) : undefined;
  if (pids?.first_pid === null) return undefined;
  const isAscending = sort === "date-asc";
  return {
    first: Math.max(pids?.first_pid ?? 0, isAscending && next !== undefined ? next + 1 : 0),
    last: Math.min(pids?.last_pid ?? maxId, isAscending || next === undefined ? maxId : next - 1),
  };
}

const pageEnd = ({ offset, limit }: Query) => offset + limit;
const defaultLimit = ({ facets }: Query) => (facets ? maxCounted : maxScored);

/** There are few enough threads to look all of them up. */
async function findThreads(query: Query, { lookUp }: Statements): Promise<Matches> {
  const limit = Math.max(pageEnd(query), defaultLimit(query));
  return matchesOf(await lookUp(limit), limit, query);
}

async function findPosts(query: Query, statements: Statements): Promise<Matches> {
  const sample = await statements.sample();
  const limit = matchLimit(query, sample);
  if (query.byThread) return findByThread(query, sample, limit, statements);
  return matchesOf(await runPlan(query, sample, limit, statements), limit, query);
}

/** By thread, at most this many matches are looked at, in steps that grow by a factor. */
const maxGrouped = 100_000;
const groupedGrowth = 8;

/** How many matches fill a page of threads is unknown: as long as there are too few threads, more matches are read. */
async function findByThread(query: Query, sample: Sample, least: number, statements: Statements): Promise<Matches> {
  for (let limit = least; ; limit = Math.min(limit * groupedGrowth, maxGrouped)) {
    const result = await runPlan(query, sample, limit, statements);
    const isAll = result.total <= limit || result.stopped_at !== null;
    const hasMore = (result.threads ?? 0) > pageEnd(query);
    if (isAll || hasMore || limit >= maxGrouped) return { ...matchesOf(result, limit, query), hasMore };
  }
}

/** The share of all posts, estimated from a count within the sample; never zero. */
const estimatedShare = (count: number) => (count + 0.5) / sampleSize;

/**
 * How many matches to count: all of them in a small forum, otherwise as many as an affordable scan is expected to find.
 */
function matchLimit(query: Query, sample: Sample): number {
  const isSmall = sample.posts <= scanLimits.count;
  const affordable = Math.max(maxScored, Math.ceil(estimatedShare(sample.matches) * scanLimits.count));
  return Math.max(pageEnd(query), isSmall ? scanLimits.count : Math.min(defaultLimit(query), affordable));
}

async function runPlan(query: Query, sample: Sample, limit: number, { scan, lookUp }: Statements): Promise<Result> {
  /** Scans up to `posts` posts; if that times out, only a few. */
  const scanFar = async (posts: number) => (await withinTimeout(scan(posts, limit))) ?? scan(sampleSize, limit);

  if (sample.seen < sampleSize) return scan(sampleSize, limit);
  const lookedUp = sample.rarest === null ? Infinity : estimatedShare(sample.rarest) * sample.posts;
  const canLookUp = lookedUp <= maxLookedUp;
  const isCommon = limit / estimatedShare(sample.matches) < scannedPerLookUp * lookedUp;
  if (canLookUp && !isCommon) return (await withinTimeout(lookUp(limit))) ?? scanFar(scanLimits.count);
  const scanned = await scanFar(scanLimits.page);
  // The sample was not representative.
  const isShort = scanned.stopped_at !== null && scanned.total < pageEnd(query);
  return canLookUp && isShort ? ((await withinTimeout(lookUp(limit))) ?? scanned) : scanned;
}

/** PostgreSQL's query_canceled: the statement timeout. */
const statementTimeout = "57014";

/** The result; undefined if the statement timed out. */
const withinTimeout = (result: Promise<Result>): Promise<Result | undefined> =>
  result.catch((error: { code?: string }) => {
    if (error.code === statementTimeout) return undefined;
    throw error;
  });

const noMatches = ({ facets }: Query): Matches => ({
  page: [],
  count: 0,
  count_is_exact: true,
  ...(facets ? { facets: { bids: [], years: [], uids: [] } } : {}),
});

const matchesOf = (
  { page, total, stopped_at, bids = [], years = [], uids = [] }: Result,
  limit: number,
  { facets }: Query,
): Matches => ({
  page: page.map(([id, score, tid, count]) => ({
    id,
    score,
    ...(tid === undefined || count === undefined ? {} : { thread: { tid, count } }),
  })),
  count: total,
  count_is_exact: total <= limit && stopped_at === null,
  ...(stopped_at === null ? {} : { stoppedAt: stopped_at }),
  ...(facets ? { facets: { bids, years, uids } } : {}),
});
