/** Selections by year and board, and the count columns that several tables share. */
import type { yearlyStats } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";

export type { Sql };

/** A part of a statement. */
export type Fragment = ReturnType<Sql>;

/** The years of a selection, both included. 0 to 0 means all years together. */
export interface Years {
  first: number;
  last: number;
}

/** Years and board of a selection; bid 0 means all boards. */
export interface Selection {
  year: Years;
  bid: number;
}

/** A selection that may be restricted to one user. */
export interface OptionalUserSelection extends Selection {
  uid?: number | undefined;
}

/** Whether no precomputed row covers the selection: it is the sum of several years. */
export const isRange = ({ first, last }: Years): boolean => first < last;

/** Several years, but not all that have posts. */
export interface Range extends Years {
  /** The number of its years that have posts. */
  count: number;
  /** Its part of all posts, from 0 to 1. */
  share: number;
}

/**
 * What has to be read for a selection of years: of a range, all years together if it covers all that have posts, the
 * only year that has posts, or the range with its extent.
 */
export async function measured(sql: Sql, year: Years): Promise<Years | Range> {
  if (!isRange(year)) return year;
  const [extent] = await sql<{ first: number | null; count: number; missing: number; share: number }[]>`
    select min(year) filter (where is_within) as first, count(*) filter (where is_within)::int as count,
           count(*) filter (where not is_within)::int as missing,
           coalesce(sum(post_count) filter (where is_within)::float8 / nullif(sum(post_count), 0), 0) as share
    from (
      select year, post_count, year between ${year.first} and ${year.last} as is_within
      from baked.yearly_stats where bid = 0 and year > 0
    ) of_year`;
  const { first = null, count = 0, missing = 0, share = 0 } = extent ?? {};
  if (missing === 0) return { first: 0, last: 0 };
  if (count < 2) return { first: first ?? year.first, last: first ?? year.first };
  return { ...year, count, share };
}

/** Whether several years have to be added up. */
export const isMeasuredRange = (year: Years | Range): year is Range => "share" in year;

/** The days of a selection, half-open; for 0, the days of all years. */
export function daysOf({ first, last }: Years): { firstDay: string; endDay: string } {
  const newYear = (n: number) => `${String(n).padStart(4, "0")}-01-01`;
  return { firstDay: newYear(first || 1), endDay: newYear((last || 9999) + 1) };
}

/**
 * SQL for what `year` is compared with: the year of a precomputed row, or all years of a range that have posts. Indexes
 * are read once for each of these, but not for the years between 1 and 9999.
 */
export const anyYear = (sql: Sql, year: Years): Fragment =>
  isRange(year)
    ? sql`any(array(select year from baked.yearly_stats where bid = 0 and year between ${year.first} and ${year.last}))`
    : sql`${year.first}`;

/** SQL for a board, or for all boards in which a user has posts in these years: so their rows are found by an index. */
export const boardsOfUser = (sql: Sql, { uid, year, bid }: Selection & { uid: number }): Fragment =>
  bid === 0
    ? sql`any(array(select bid from baked.poster_stats where uid = ${uid} and year = ${anyYear(sql, year)} and bid > 0))`
    : sql`${bid}`;

/** The count columns that the tables by year, weekday and day share. */
export const countColumns = ["post_count", "edit_count", "posts_length", "threads_created", "active_users"] as const;
export type Counts = Row<typeof yearlyStats, (typeof countColumns)[number]>;

/** Replaces the total length by the mean, rounded half up, as the API shows it. */
export const withAverage = <T extends Pick<Counts, "post_count" | "posts_length">>({ posts_length, ...row }: T) => ({
  ...row,
  avg_post_length: row.post_count === 0 ? 0 : Math.floor(posts_length / row.post_count + 0.5),
});
