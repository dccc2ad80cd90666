/**
 * The statement of the PostgreSQL engine.
 *
 * Posts are searched block by block in the order of their ids until there are enough matches, so a common word costs no
 * more than a rare one. Within a block, the index finds the rows that satisfy all conditions (see `lexemesOf`).
 */
import type { Sql } from "@potstats/db/connect";
import { blockBits, blockMark, lexemesOf } from "@potstats/db/search-index";
import { allFacets, type FacetName, type Query } from "../query/query.ts";
import { blockPlaceholder, type Conditions, type Fragment, tagLexemes } from "./conditions.ts";
import type { FacetCounts } from "./engine.ts";

export interface BlockSearch {
  query: Query;
  conditions: Conditions;
  /** Ids, both ends included. */
  range: { first: number; last: number };
  /** Matches to count in a small forum, and in a large one. */
  limits: { small: number; large: number };
  /** Blocks of a small forum, which are read in any case. */
  smallForum: number;
  /** IANA name, for years. */
  timezone: string;
  /** Milliseconds after which no further block is read. */
  maxReading_ms: number;
}

export interface Result {
  /** Matches that were read: more than `max_counted` if there are more. */
  total: number;
  max_counted: number;
  page: [id: number, tid: number | null, count: number | null][];
  /** By thread: threads among the matches. */
  threads?: number;
  bids?: FacetCounts;
  years?: FacetCounts;
  uids?: FacetCounts;
  /** Blocks that were read, and the last of them; fewer than there are if the time or the limit was reached. */
  blocks_read: number;
  last_block: number | null;
  blocks: number;
}

export async function searchBlocks(sql: Sql, search: BlockSearch): Promise<Result> {
  const { query, range, limits, smallForum } = search;
  const direction: Fragment = query.sort === "date-asc" ? sql`asc` : sql`desc`;
  const blocks: Fragment = sql`
    select block from search.blocks
    where type = ${query.type} and block between ${range.first >> blockBits} and ${range.last >> blockBits}`;
  const maxCounted: Fragment = sql`
    case when (select count(*) from search.blocks where type = ${query.type}) <= ${smallForum}
         then ${limits.small}::bigint else ${limits.large}::bigint end`;
  const [result] = await unprepared(sql<Result[]>`
    with hits as materialized (
      select m.*, b.block
      from (
        select block from unnest(array(${blocks} order by block ${direction})) with ordinality all_blocks (block, place)
        where place <= ${smallForum} or clock_timestamp() < statement_timestamp() + interval '1 millisecond' * ${search.maxReading_ms}
      ) b
      -- A row without an id follows the matches of each block: the block was read to its end.
      cross join lateral ((${matchesInBlock(sql, search, direction)}) union all select null, null, null, null, null) m
      limit ${maxCounted} + 1 + (select count(*) from (${blocks}) counted))
    select (select count(id) from hits) as total, ${maxCounted} as max_counted,
      ${query.byThread ? threadColumns(sql, query, direction) : pageColumn(sql, query, direction)}
      ${query.facets ? facetColumns(sql, search.timezone, query) : sql``}
      (select count(*) from hits where id is null) as blocks_read,
      (select ${query.sort === "date-asc" ? sql`max` : sql`min`}(block) from hits where id is null) as last_block,
      (select count(*) from (${blocks}) counted) as blocks`);
  return result ?? { total: 0, max_counted: 0, page: [], blocks_read: 0, last_block: null, blocks: 0 };
}

/** The matches of block `b`, in order. */
const matchesInBlock = (sql: Sql, search: BlockSearch, direction: Fragment): Fragment => {
  const key: Fragment = sql`d.${sql(idOf(search.query))}`;
  return sql`
    select ${key} as id, d.tid, d.uid, d.bid, d.timestamp from ${matchesOf(sql, search)} order by ${key} ${direction}`;
};

const idOf = ({ type }: Query) => (type === "post" ? "pid" : "tid");

/** The rows `d` that match in block `b`: what follows `from`. */
export function matchesOf(sql: Sql, { query, conditions, range }: Pick<BlockSearch, "query" | "conditions" | "range">) {
  const [table, id] = [query.type === "post" ? sql`search.posts` : sql`search.threads`, idOf(query)];
  const { indexed, checked } = conditions;
  const key: Fragment = sql`d.${sql(id)}`;
  const where =
    indexed.length > 0
      ? // Without `+ 0`, the planner might read the block by the primary key and compute the lexemes of each row.
        [
          sql`${sql.unsafe(lexemesOf(id))} @@ ${inBlock(sql, indexed)}`,
          sql`${key} >> ${blockBits}::int = b.block`,
          sql`${key} + 0 between ${range.first} and ${range.last}`,
        ]
      : [
          sql`${key} between greatest(b.block << ${blockBits}::int, ${range.first}) and least((b.block << ${blockBits}::int) + ${2 ** blockBits - 1}, ${range.last})`,
        ];
  return sql`${table} d where ${[...where, ...checked].reduce<Fragment>((all, one) => sql`${all} and ${one}`, sql`true`)}`;
}

/** A tsquery for the lexemes of block `b`. */
const inBlock = (sql: Sql, indexed: string[]): Fragment =>
  sql`replace(${indexed.join(" & ")}, ${blockPlaceholder}, ${sql.unsafe(blockMark("b.block"))})::tsquery`;

/** Whether any thread has all of these words among its tags. */
export async function isTagged(sql: Sql, tags: string[]): Promise<boolean> {
  const rows = await sql`
    select from search.blocks b cross join lateral (
      select from search.threads d
      where ${sql.unsafe(lexemesOf("tid"))} @@ ${inBlock(sql, tagLexemes(tags))} and d.tid >> ${blockBits}::int = b.block limit 1
    ) t where b.type = 'thread' limit 1`;
  return rows.length > 0;
}

const pageColumn = (sql: Sql, { limit, offset }: Query, direction: Fragment): Fragment => sql`
  (select coalesce(json_agg(json_build_array(id)), '[]') from (
    select id from hits where id is not null order by id ${direction} limit ${limit} offset ${offset}) page) as page,`;

/** The first match of each thread, with the number of matches in the thread; and the number of threads. */
const threadColumns = (sql: Sql, { limit, offset, sort }: Query, direction: Fragment): Fragment => sql`
  (select coalesce(json_agg(json_build_array(id, tid, count)), '[]') from (
    select ${sort === "date-asc" ? sql`min(id)` : sql`max(id)`} as id, tid, count(*) as count
    from hits where id is not null group by tid order by 1 ${direction} limit ${limit} offset ${offset}) page) as page,
  (select count(distinct tid) from hits) as threads,`;

function facetColumns(sql: Sql, timezone: string, { facetNames = allFacets }: Query): Fragment {
  const counts = (expression: Fragment, limit: number): Fragment => sql`(
    select coalesce(json_agg(json_build_array(value, count)), '[]') from (
      select ${expression} as value, count(*) as count from hits where ${expression} is not null
      group by 1 order by 2 desc, 1 limit ${limit}) counted)`;
  const year: Fragment = sql`extract(year from timezone(${timezone}, timezone('UTC', timestamp)))::int`;
  const columns: Record<FacetName, () => Fragment> = {
    bids: () => sql`${counts(sql`bid`, 100)} as bids,`,
    years: () => sql`${counts(year, 100)} as years,`,
    uids: () => sql`${counts(sql`uid`, 10)} as uids,`,
  };
  return facetNames.reduce<Fragment>((all, name) => sql`${all} ${columns[name]()}`, sql``);
}

/**
 * Plans the statement for its values each time. PostgreSQL would switch to a generic plan after a few executions, which
 * knows nothing about how common the words are.
 */
export function unprepared<Statement extends PromiseLike<unknown>>(statement: Statement): Statement {
  (statement as unknown as { options: { prepare?: boolean } }).options.prepare = false;
  return statement;
}
