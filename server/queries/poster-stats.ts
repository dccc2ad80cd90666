import { type posterStats, postLevels } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { anyYear, type Fragment, isRange, type Selection, type Sql } from "./selection.ts";
import { type User, userOf } from "./user.ts";

export const orderColumns = [
  "post_count",
  "edit_count",
  "avg_post_length",
  "threads_created",
  "quoted_count",
  "quotes_count",
] as const;
export type OrderColumn = (typeof orderColumns)[number];

export interface Page {
  order: "asc" | "desc";
  order_by: OrderColumn;
  limit: number;
  /** Users with fewer posts in the selection are left out. */
  min_posts: number;
  /**
   * The last row of the previous page: its uid as `id` and the value of its sort column. Clients may send any number as the
   * value.
   */
  following?: { id: number; value: number } | undefined;
}

/**
 * Rows of one page, and whether there is another page. Ties are broken by uid, ascending in both directions.
 *
 * Raw SQL, because drizzle's prepared queries cannot take the sort column as a parameter, and only the page's rows may
 * be joined with the users: the inner `limit` reads them from the sort column's index.
 */
export async function findPosterStats(sql: Sql, { year, bid }: Selection, page: Page) {
  const { order_by, limit } = page;
  const rows = await sql<(User & Row<typeof posterStats, OrderColumn>)[]>`
    select u.uid, u.name, u.aliases, s.post_count, s.edit_count, s.avg_post_length, s.threads_created,
           s.quoted_count, s.quotes_count
    from (${slice(sql, { year, bid }, page)}) s
    join baked.users u using (uid)
    order by s.${sql(order_by)} ${direction(sql, page)}, u.uid`;
  return {
    rows: rows.slice(0, limit).map(({ uid, name, aliases, ...counts }) => ({
      User: userOf({ uid, name, aliases }),
      ...counts,
    })),
    hasMore: rows.length > limit,
  };
}

const direction = (sql: Sql, { order }: Page) => (order === "asc" ? sql`asc` : sql`desc`);

/** Which users come next, beyond those of the selection, and in which order. */
interface Part {
  where: Fragment;
  order: Fragment;
}

/** The first users of one year or board, or of all users; only the latter have indexes by level. */
function firstOf(sql: Sql, { year, bid }: Selection, page: Page, { where, order }: Part): Fragment {
  const { order_by, min_posts, limit } = page;
  const enough: Fragment = min_posts > 1 ? sql`and post_count >= ${min_posts}` : sql``;
  const first: Fragment = sql`${where} order by ${order} limit ${limit + 1}`;
  if (year.first !== 0 || bid !== 0)
    return sql`select * from baked.poster_stats where year = ${year.first} and bid = ${bid} ${enough} ${first}`;
  const everybody: Fragment = sql`select * from baked.poster_stats where year = 0 and bid = 0 /* as in the indexes */`;
  if (order_by === "post_count") return sql`${everybody} ${enough} ${first}`;
  const least = postLevels.filter((posts) => posts <= min_posts).length;
  const levels = Array.from({ length: postLevels.length + 1 - least }, (_, at) => least + at);
  // Only the lowest of these levels has users with too few posts. Without a limit in each, some would be sorted.
  const ofLevel = (level: number): Fragment => sql`
    (${everybody} and post_level = ${level} ${level === least ? enough : sql``} ${first})`;
  const ofAll: Fragment = levels.map(ofLevel).reduce((all, level) => sql`${all} union all ${level}`);
  return sql`select * from (${ofAll}) listed order by ${order} limit ${limit + 1}`;
}

/**
 * The rows of a page plus one more. All users are merged from the sort column's index, which has a sorted list for each
 * level; the users of a year or board are sorted.
 */
function slice(sql: Sql, { year, bid }: Selection, page: Page) {
  const { order_by, limit, min_posts, following } = page;
  const column = sql(order_by);
  const first = ({ where, order }: Part): Fragment =>
    isRange(year)
      ? sql`select * from of_years where post_count >= ${min_posts} ${where} order by ${order} limit ${limit + 1}`
      : firstOf(sql, { year, bid }, page, { where, order });
  const sums = isRange(year) ? sql`with of_years as materialized (${sumsOfYears(sql, { year, bid })})` : sql``;
  const order: Fragment = sql`${column} ${direction(sql, page)}, uid`;
  if (following === undefined) return sql`${sums} ${first({ where: sql``, order })}`;
  // After the last row come its ties with a higher uid, then everything beyond: two index lookups.
  const { id: uid, value } = following;
  const isTied: Fragment = sql`and ${column} = ${Math.trunc(value)}::bigint and ${Number.isInteger(value)} and uid > ${uid}`;
  return sql`${sums} select * from (
    (${first({ where: isTied, order: sql`uid` })})
    union all
    (${first({ where: sql`and ${beyond(sql, page, value)}`, order })})
  ) following order by ${order} limit ${limit + 1}`;
}

/** Users' counts over several years. The time grows with the number of users, not with their posts. */
const sumsOfYears = (sql: Sql, { year, bid }: Selection) => sql`
  select *, div(2 * posts_length + post_count, 2 * post_count)::int as avg_post_length
  from (
    select uid, sum(post_count)::int as post_count, sum(edit_count)::bigint as edit_count,
           sum(posts_length)::bigint as posts_length, sum(threads_created)::int as threads_created,
           sum(quoted_count)::int as quoted_count, sum(quotes_count)::int as quotes_count
    from baked.poster_stats where year = ${anyYear(sql, year)} and bid = ${bid} group by uid
  ) summed`;

/** Condition for the rows beyond `value`, which may be a fraction, and larger than any column holds. */
const beyond = (sql: Sql, { order, order_by }: Page, value: number) =>
  order === "asc"
    ? sql`${sql(order_by)} > ${Math.floor(value)}::bigint`
    : sql`${sql(order_by)} < ${Math.ceil(value)}::bigint`;
