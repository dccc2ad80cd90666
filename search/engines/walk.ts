/** Walking by posts in the order of their pids: what it costs is the posts it passes. */
import type { Sql } from "@potstats/db/connect";

/** A part of a statement. */
type Fragment = ReturnType<Sql>;

/** Values of a place whose posts are walked by side by side; posts of more of them are walked by with all others. */
export const mostPlaces = 16;

// Dates of our own reach no further than the year 9999.
export const moment = (sql: Sql, unix_s: number) => sql`timestamp 'epoch' + ${unix_s}::float8 * interval '1 second'`;

/** The pids among which posts of a time are: posts are walked by pid. None where there are none. */
export async function pidsOf(sql: Sql, from: number | undefined, to: number | undefined) {
  if (from === undefined && to === undefined) return undefined;
  const [pids] = await sql<{ first: number | null; last: number | null }[]>`
    select min(first_pid) as first, max(last_pid) as last from search.days
    where true ${from === undefined ? sql`` : sql`and day >= (${moment(sql, from)})::date`}
               ${to === undefined ? sql`` : sql`and day <= (${moment(sql, to)})::date`}`;
  return pids;
}

/** A column that must have one of some values, and has an index that gives the posts of each value by pid. */
export interface Place {
  column: "uid" | "bid" | "tid";
  values: number[];
}

/** Pids, both included. */
interface Range {
  first: number;
  last: number;
}

/**
 * How posts come out of a walk. Of one value alone the order begins with its column: the planner would else prefer the
 * primary key, and pass all newer posts where those of a board or user are old.
 */
export function walkOrder(sql: Sql, place: Place | undefined, direction: Fragment): Fragment {
  return place?.values.length === 1
    ? sql`order by d.${sql(place.column)} ${direction}, d.pid ${direction}`
    : sql`order by d.pid ${direction}`;
}

/** The posts of a place by pid, `most` of them after the first `skipped`: read from an index in this order, whatever else is asked of them. */
export function walk(
  sql: Sql,
  place: Place | undefined,
  range: Range,
  direction: Fragment,
  most: number,
  skipped = 0,
): Fragment {
  const order = walkOrder(sql, place, direction);
  const posts = (condition: Fragment): Fragment =>
    sql`(select * from search.posts d where d.pid between ${range.first} and ${range.last} ${condition} ${order})`;
  if (!place) return sql`(${posts(sql``)} limit ${most} offset ${skipped})`;
  const column = sql`d.${sql(place.column)}`;
  const [value = 0] = place.values;
  if (place.values.length === 1)
    return sql`(${posts(sql`and (${column}, d.pid) between (${value}::int, ${range.first}) and (${value}::int, ${range.last})`)} limit ${most} offset ${skipped})`;
  const united = place.values
    .map((one) => posts(sql`and ${column} = ${one}`))
    .reduce((all, one): Fragment => sql`${all} union all ${one}`);
  return sql`(select * from (${united}) d ${order} limit ${most} offset ${skipped})`;
}
