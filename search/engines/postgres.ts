/** The PostgreSQL engine: searches for words as written, and whenever Meilisearch is not configured or reachable. */
import type { Sql } from "@potstats/db/connect";
import { blockBits, type days, type words as wordTable } from "@potstats/db/search-index";
import type { Row } from "@potstats/db/row";
import type { Query } from "../query/query.ts";
import { lemmaOf } from "../words/forms.ts";
import { type BlockSearch, type Result, searchBlocks } from "./block-search.ts";
import { conditionsOf, timestampOf } from "./conditions.ts";
import type { Engine, Matches } from "./engine.ts";

/** Matches are counted up to this number, and facets over these matches. */
export const maxCounted = 10_000;
/** By thread, at most this many matches are looked at, in steps that grow by a factor. */
const maxGrouped = 100_000;
const groupedGrowth = 8;
/** With a word this rare, other conditions are cheaper to check than to look up. */
const maxRare = 20_000;
const maxId = 2 ** 31 - 1;

/** How long a search reads, and how much at least: counts are exact in a forum of so many blocks (100,000 posts). */
export interface ReadingLimits {
  minBlocks: number;
  /** Milliseconds if there are enough matches for a page and its ranking. */
  enough_ms: number;
  /** Milliseconds in any case. */
  max_ms: number;
}

const defaultLimits: ReadingLimits = { minBlocks: 12, enough_ms: 8, max_ms: 400 };

export const postgresEngine = (sql: Sql, timezone: string, limits = defaultLimits): Engine => ({
  name: "postgres",
  supports: async () => true,
  async find(query) {
    if ([query.uids, query.bids, query.tids].some((ids) => ids?.length === 0)) return noMatches(query);
    const [range, isRare] = await Promise.all([idRange(sql, query), hasRareWord(sql, query)]);
    if (!range) return noMatches(query);
    const conditions = conditionsOf(sql, query, isRare);
    return findMatches(sql, { query, conditions, range, timezone }, limits);
  },
});

type PidRange = { [K in keyof Row<typeof days, "first_pid" | "last_pid">]: number | null };

/** The range of pids that contains all posts of a period, nulls if there are none; undefined for all time. */
async function pidRangeOf(sql: Sql, { type, from, to }: Query): Promise<PidRange | undefined> {
  if (type !== "post" || (from === undefined && to === undefined)) return undefined;
  const [range] = await sql<PidRange[]>`
    select min(first_pid) as first_pid, max(last_pid) as last_pid from search.days
    where true ${from === undefined ? sql`` : sql`and day >= (${timestampOf(sql, from)})::date`}
               ${to === undefined ? sql`` : sql`and day <= (${timestampOf(sql, to)})::date`}`;
  return range;
}

/** Ids to consider, both ends included; undefined if there are none. */
async function idRange(sql: Sql, query: Query): Promise<BlockSearch["range"] | undefined> {
  const pids = await pidRangeOf(sql, query);
  if (pids?.first_pid === null) return undefined;
  const { sort, next } = query;
  const isAscending = sort === "date-asc";
  const first = Math.max(pids?.first_pid ?? 0, isAscending && next !== undefined ? next + 1 : 0);
  const last = Math.min(pids?.last_pid ?? maxId, isAscending || next === undefined ? maxId : next - 1);
  return first <= last ? { first, last } : undefined;
}

/** Whether one of the finished words is rare, in a query with an unfinished one. */
async function hasRareWord(sql: Sql, { terms }: Query): Promise<boolean> {
  const finished = terms.filter(({ excluded, prefix }) => !excluded && !prefix);
  if (finished.length === 0 || !terms.some(({ prefix }) => prefix)) return false;
  const forms = [...new Set(finished.flatMap(({ words, exact }) => (exact ? words : words.map(lemmaOf))))];
  const rows = await sql<Row<typeof wordTable, "count">[]>`select count from search.words where word = any(${forms})`;
  // A word that was never counted is rare.
  return rows.length < forms.length || rows.some(({ count }) => count <= maxRare);
}

const pageEnd = ({ offset, limit }: Query) => offset + limit;

type Search = Omit<BlockSearch, "limit" | "maxReading_ms" | "minBlocks">;

async function findMatches(sql: Sql, search: Search, limits: ReadingLimits): Promise<Matches> {
  const { query } = search;
  for (
    let limit = Math.max(query.maxCounted ?? maxCounted, pageEnd(query) + 1);
    ;
    limit = Math.min(limit * groupedGrowth, maxGrouped)
  ) {
    const matches = await readWithin(sql, { ...search, limit }, limits);
    // How many matches fill a page of threads is unknown.
    const isShort = query.byThread === true && matches.hasMore === false && matches.count === limit;
    if (!isShort || limit >= maxGrouped) return matches;
  }
}

/** Reads a short time; longer if that finds too few matches. */
async function readWithin(sql: Sql, search: Search & { limit: number }, limits: ReadingLimits): Promise<Matches> {
  const { query, limit } = search;
  const { minBlocks, enough_ms, max_ms } = limits;
  const read = async (maxReading_ms: number) => {
    const result = await searchBlocks(sql, { ...search, maxReading_ms, minBlocks });
    return matchesOf(result, limit, query);
  };
  const first = await read(Math.min(enough_ms, max_ms));
  const isEnough = first.stoppedAt === undefined || (first.count > pageEnd(query) && !query.byThread);
  return isEnough || max_ms <= enough_ms ? first : read(max_ms);
}

const noMatches = ({ facets }: Query): Matches => ({
  page: [],
  count: 0,
  count_is_exact: true,
  ...(facets ? { facets: { bids: [], years: [], uids: [] } } : {}),
});

function matchesOf(result: Result, limit: number, query: Query): Matches {
  const { total, page, threads = 0, bids = [], years = [], uids = [] } = result;
  const stoppedAt = total > limit ? undefined : stoppedAtOf(result, query);
  return {
    page: page.map(([id, tid, count]) => ({
      id,
      score: 0,
      ...(tid == null || count == null ? {} : { thread: { tid, count } }),
    })),
    count: Math.min(total, limit),
    count_is_exact: total <= limit && stoppedAt === undefined,
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
    ...(query.byThread ? { hasMore: threads > pageEnd(query) } : {}),
    ...(query.facets ? { facets: { bids, years, uids } } : {}),
  };
}

/** The last id that was read, if there was no time for all blocks. */
function stoppedAtOf({ blocks_read, last_block, blocks }: Result, { sort }: Query): number | undefined {
  if (blocks_read >= blocks || last_block === null) return undefined;
  return sort === "date-asc" ? ((last_block + 1) << blockBits) - 1 : last_block << blockBits;
}
