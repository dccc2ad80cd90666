/** Counts matches per month in PostgreSQL: block by block from the newest, as long as there is time. */
import type { Sql } from "@potstats/db/connect";
import { blockBits } from "@potstats/db/search-index";
import { monthNumber, monthOf, periodOf } from "../query/period.ts";
import { type BlockSearch, matchesOf, unprepared } from "./block-search.ts";
import type { Fragment } from "./conditions.ts";
import type { MonthCounts } from "./engine.ts";

type MonthSearch = Pick<BlockSearch, "query" | "conditions" | "range" | "timezone" | "smallForum" | "maxReading_ms">;

interface Result {
  /** Month, as an index into the list of months, from 1; and its matches. */
  counts: [bucket: number, count: number][];
  blocks_read: number;
  last_block: number | null;
  blocks: number;
}

/** All months from the first to the last with posts. */
async function monthsOfPosts(sql: Sql): Promise<string[]> {
  const [row] = await sql<{ first: string | null; last: string | null }[]>`
    select min(month) as first, max(month) as last from search.months where bid = 0 and post_count > 0`;
  if (!row || row.first === null || row.last === null) return [];
  const [first, last] = [monthNumber(row.first), monthNumber(row.last)];
  return Array.from({ length: last - first + 1 }, (_, after) => monthOf(first + after));
}

/** The first month in which no post has an id below this one. */
async function monthWithout(sql: Sql, id: number): Promise<string | undefined> {
  const [row] = await sql<{ day: string | null }[]>`
    select max(day) + 1 as day from search.days where first_pid < ${id}`;
  return row && row.day !== null ? monthOf(monthNumber(row.day) + 1) : undefined;
}

/**
 * Matches per month. A post's month is looked up among the beginnings of all months: converting its time to the time
 * zone would take longer than finding it.
 */
export async function countMonths(sql: Sql, search: MonthSearch): Promise<MonthCounts> {
  const months = await monthsOfPosts(sql);
  if (months.length === 0) return { perMonth: new Map(), isExact: true };
  const { counts, blocks_read, last_block, blocks } = await readBlocks(sql, search, months);
  const perMonth = new Map(counts.map(([bucket, count]) => [months[bucket - 1] ?? "", count]));
  if (blocks_read >= blocks || last_block === null) return { perMonth, isExact: true };
  return { perMonth, isExact: false, completeFrom: await monthWithout(sql, last_block << blockBits) };
}

async function readBlocks(sql: Sql, search: MonthSearch, months: string[]): Promise<Result> {
  const { range, timezone, smallForum, maxReading_ms } = search;
  const starts = months.map((month) => periodOf(month, timezone)?.from ?? 0);
  const blocks: Fragment = sql`
    select block from search.blocks
    where type = 'post' and block between ${range.first >> blockBits} and ${range.last >> blockBits}`;
  const [result] = await unprepared(sql<Result[]>`
    with months as materialized (
      select array_agg(timestamp 'epoch' + start * interval '1 second' order by start) as starts
      from unnest(${starts}::float8[]) start
    ),
    counts as materialized (
      select b.block, m.bucket, m.count
      from (
        select block, starts from months, unnest(array(${blocks} order by block desc)) with ordinality all_blocks (block, place)
        where place <= ${smallForum} or clock_timestamp() < statement_timestamp() + interval '1 millisecond' * ${maxReading_ms}
      ) b
      cross join lateral (
        select width_bucket(d.timestamp, b.starts) as bucket, count(*) as count from ${matchesOf(sql, search)} group by 1
        -- Follows the matches of each block: the block was read to its end.
        union all select null, null
      ) m
    )
    select (
        select coalesce(json_agg(json_build_array(bucket, count)), '[]')
        from (select bucket, sum(count) as count from counts where bucket is not null group by bucket) of_month
      ) as counts,
      (select count(*) from counts where bucket is null) as blocks_read,
      (select min(block) from counts where bucket is null) as last_block,
      (select count(*) from (${blocks}) counted) as blocks`);
  return result ?? { counts: [], blocks_read: 0, last_block: null, blocks: 0 };
}
