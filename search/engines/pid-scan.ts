/** Scans posts by pid: the cost is the number of posts passed. */
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { days } from "@potstats/db/search-index";
import type { Fragment } from "./tsquery.ts";

/**
 * Up to this many users, boards or threads are scanned side by side, each by its own index; with more, all posts are
 * scanned.
 */
export const maxPlaceValues = 16;

/**
 * Computed by PostgreSQL: the year 9999 ends at the start of 10000, whose ISO form ("+010000-01-01…") PostgreSQL cannot
 * parse.
 */
export const timestampOf = (sql: Sql, unix_s: number) =>
  sql`timestamp 'epoch' + ${unix_s}::float8 * interval '1 second'`;

type PidRange = { [K in keyof Row<typeof days, "first_pid" | "last_pid">]: number | null };

/** The range of pids that contains all posts of a period, nulls if there are none; undefined for all time. */
export async function pidRangeOf(sql: Sql, from: number | undefined, to: number | undefined) {
  if (from === undefined && to === undefined) return undefined;
  const [range] = await sql<PidRange[]>`
    select min(first_pid) as first_pid, max(last_pid) as last_pid from search.days
    where true ${from === undefined ? sql`` : sql`and day >= (${timestampOf(sql, from)})::date`}
               ${to === undefined ? sql`` : sql`and day <= (${timestampOf(sql, to)})::date`}`;
  return range;
}

/** A column restricted to some values, whose index yields the posts of each value by pid. */
export interface Place {
  column: "uid" | "bid" | "tid";
  values: number[];
}

/** A scan of posts in the order of their pids. */
export interface Scan {
  /** Undefined: all posts. */
  place: Place | undefined;
  /** Pids, both ends included. */
  range: { first: number; last: number };
  isAscending: boolean;
}

const directionOf = (sql: Sql, { isAscending }: Scan): Fragment => (isAscending ? sql`asc` : sql`desc`);

/**
 * The order of a scan. With a single value, it starts with that column: otherwise the planner would prefer the primary
 * key and pass all newer posts if the board's or user's posts are old.
 */
export function scanOrder(sql: Sql, scan: Scan): Fragment {
  const direction = directionOf(sql, scan);
  return scan.place?.values.length === 1
    ? sql`order by d.${sql(scan.place.column)} ${direction}, d.pid ${direction}`
    : sql`order by d.pid ${direction}`;
}

/**
 * `limit` posts of a scan after the first `offset`. They are read from an index in this order, regardless of the outer
 * query's conditions.
 */
export function scannedPosts(sql: Sql, scan: Scan, limit: number, offset = 0): Fragment {
  const { place, range } = scan;
  const order = scanOrder(sql, scan);
  const posts = (condition: Fragment): Fragment =>
    sql`(select * from search.posts d where d.pid between ${range.first} and ${range.last} ${condition} ${order})`;
  if (!place) return sql`(${posts(sql``)} limit ${limit} offset ${offset})`;
  const column = sql`d.${sql(place.column)}`;
  const [value = 0] = place.values;
  if (place.values.length === 1)
    return sql`(${posts(sql`and (${column}, d.pid) between (${value}::int, ${range.first}) and (${value}::int, ${range.last})`)} limit ${limit} offset ${offset})`;
  const union = place.values
    .map((one) => posts(sql`and ${column} = ${one}`))
    .reduce((all, one): Fragment => sql`${all} union all ${one}`);
  return sql`(select * from (${union}) d ${order} limit ${limit} offset ${offset})`;
}
