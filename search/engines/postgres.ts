/** The PostgreSQL engine: searches for words as written, and whenever Meilisearch is not configured or reachable. */
import type { Sql } from "@potstats/db/connect";
import { likePrefix } from "@potstats/db/like";
import { blockBits, type days } from "@potstats/db/search-index";
import type { Row } from "@potstats/db/row";
import type { Query } from "../query/query.ts";
import { lemmaOf } from "../words/forms.ts";
import { type BlockSearch, type Result, searchBlocks } from "./block-search.ts";
import { conditionsOf, type Density, timestampOf } from "./conditions.ts";
import type { Engine, Matches } from "./engine.ts";
import { countMonths } from "./month-counts.ts";
import { oncePerQuery } from "./once-per-query.ts";

/** Matches are counted up to this number, and facets over these matches: in a small forum, and in a large one. */
export const maxCounted = { small: 10_000, large: 2000 };
/** By thread, at most this many matches are looked at, in steps that grow by a factor. */
const maxGrouped = 100_000;
const groupedGrowth = 8;
const maxId = 2 ** 31 - 1;

export interface ReadingLimits {
  /** Blocks of a small forum, which are read in any case: 100,000 posts. */
  smallForum: number;
  /** Milliseconds after which no further block is read. */
  max_ms: number;
}

const defaultLimits: ReadingLimits = { smallForum: 6, max_ms: 400 };

export function postgresEngine(sql: Sql, timezone: string, limits = defaultLimits): Engine {
  const densityOf = oncePerQuery((query) => readDensity(sql, query));
  return {
    name: "postgres",
    supports: async () => true,
    async find(query) {
      if (hasNoIds(query)) return noMatches(query);
      const [range, density] = await Promise.all([idRange(sql, query), densityOf(query)]);
      if (!range) return noMatches(query);
      const conditions = conditionsOf(sql, query, density);
      return findMatches(sql, { query, conditions, range, timezone }, limits);
    },
    async countMonths(query) {
      const [range, density] = await Promise.all([idRange(sql, query), densityOf(query)]);
      if (!range || hasNoIds(query)) return { perMonth: new Map(), isExact: true };
      const { smallForum, max_ms: maxReading_ms } = limits;
      const conditions = conditionsOf(sql, query, density);
      return countMonths(sql, { query, conditions, range, timezone, smallForum, maxReading_ms });
    },
  };
}

/** Whether no user, board or thread is left to match. */
const hasNoIds = ({ uids, bids, tids }: Query) => [uids, bids, tids].some((ids) => ids?.length === 0);

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

/** Words to add up for the density of a prefix. Shorter prefixes have too many. */
const maxPrefixWords = 2000;
const shortPrefix = { letters: 2, density: 4000 };

/** Only known if a query has both finished words and an unfinished one: otherwise it does not matter. */
async function readDensity(sql: Sql, { type, terms }: Query): Promise<Density> {
  const finished = terms.filter(({ excluded, prefix }) => !excluded && !prefix);
  const [prefix] = terms.find((term) => term.prefix)?.words ?? [];
  if (finished.length === 0 || prefix === undefined) return { rarest: Infinity, prefix: 0 };
  const forms = [...new Set(finished.flatMap(({ words, exact }) => (exact ? words : words.map(lemmaOf))))];
  const isShort = prefix.length <= shortPrefix.letters;
  const [counts] = await sql<{ rarest: number; prefix: number; blocks: number }[]>`
    select
      (select min(coalesce(w.count, 0)) from unnest(${forms}::text[]) f (word) left join search.words w on w.word = f.word) as rarest,
      (select coalesce(sum(count), 0)::float8 from (
        select count from search.words where ${isShort ? sql`false` : sql`word like ${likePrefix(prefix)}`} limit ${maxPrefixWords}) w) as prefix,
      (select greatest(count(*), 1) from search.blocks where type = ${type}) as blocks`;
  if (!counts) return { rarest: Infinity, prefix: 0 };
  return {
    rarest: counts.rarest / counts.blocks,
    prefix: isShort ? shortPrefix.density : counts.prefix / counts.blocks,
  };
}

const pageEnd = ({ offset, limit }: Query) => offset + limit;

async function findMatches(
  sql: Sql,
  search: Pick<BlockSearch, "query" | "conditions" | "range" | "timezone">,
  { smallForum, max_ms }: ReadingLimits,
): Promise<Matches> {
  const { query } = search;
  const read = async (limits: BlockSearch["limits"]) => {
    const result = await searchBlocks(sql, { ...search, limits, smallForum, maxReading_ms: max_ms });
    return { result, matches: matchesOf(result, query) };
  };
  const atLeast = (count: number) => Math.min(maxId - 1, Math.max(query.maxCounted ?? count, pageEnd(query) + 1));
  let { result, matches } = await read({ small: atLeast(maxCounted.small), large: atLeast(maxCounted.large) });
  // How many matches fill a page of threads is unknown.
  while (query.byThread && !matches.hasMore && result.total > result.max_counted && result.max_counted < maxGrouped) {
    const limit = Math.min(result.max_counted * groupedGrowth, maxGrouped);
    ({ result, matches } = await read({ small: limit, large: limit }));
  }
  return matches;
}

const noMatches = ({ facets }: Query): Matches => ({
  page: [],
  count: 0,
  count_is_exact: true,
  ...(facets ? { facets: { bids: [], years: [], uids: [] } } : {}),
});

function matchesOf(result: Result, query: Query): Matches {
  const { total, max_counted: limit, page, threads = 0, bids = [], years = [], uids = [] } = result;
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
