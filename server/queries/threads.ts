import type { threads, threadStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Fragment, Sql } from "./selection.ts";
import { findUsersByUid } from "./user.ts";

export const threadColumns = [
  "opened",
  "post_count",
  "participants",
  "first_reply_s",
  "lifetime_s",
  "half_life_s",
  "longest_silence_s",
  "times_quoted",
] as const;
type ThreadColumn = (typeof threadColumns)[number];

/** The year in which threads were opened, and their board; 0 means all. */
export interface OpeningSelection {
  year: number;
  bid: number;
}

export interface ThreadPage {
  order: "asc" | "desc";
  order_by: ThreadColumn;
  limit: number;
  /** The last row of the previous page: its tid and the value of its sort column, which may be any number. */
  following?: { tid: number; value: number } | undefined;
}

type ThreadRow = Row<typeof threads, "tid" | "title" | "subtitle"> &
  Row<typeof threadStats, "bid" | "uid" | ThreadColumn>;

/**
 * Rows of one page, and whether there is another page. Ties are broken by tid, ascending in both directions. Threads
 * without a value in the sort column are left out. Raw SQL for a sort column that is a parameter, and a `limit` before
 * the join. `offset 0` keeps the planner from reading all titles.
 */
export async function findThreads(sql: Sql, selection: OpeningSelection, page: ThreadPage) {
  const { limit, order_by, order } = page;
  const rows = await sql<ThreadRow[]>`
    select t.tid, t.title, t.subtitle, s.uid, s.bid, s.opened, s.post_count, s.participants,
           s.first_reply_s, s.lifetime_s, s.half_life_s, s.longest_silence_s, s.times_quoted
    from (${order === "asc" ? ascending(sql, selection, page) : descending(sql, selection, page)}) s
    cross join lateral (select * from baked.threads where tid = s.tid offset 0) t
    order by s.${sql(order_by)} ${order === "asc" ? sql`asc` : sql`desc`}, s.tid`;
  const userBy = await findUsersByUid(
    sql,
    rows.map(({ uid }) => uid),
  );
  return {
    rows: rows.slice(0, limit).flatMap(({ tid, title, subtitle, bid, uid, ...values }) => {
      const user = userBy.get(uid);
      return user ? [{ thread: { tid, title, subtitle }, bid, user, ...values }] : [];
    }),
    hasMore: rows.length > limit,
  };
}

/** What follows `from` for the threads of the selection that have a value. */
const ofSelection = (sql: Sql, { year, bid }: OpeningSelection, { order_by }: ThreadPage) => sql`
  baked.thread_stats where ${sql(order_by)} is not null
  ${year === 0 ? sql`` : sql`and year = ${year}`} ${bid === 0 ? sql`` : sql`and bid = ${bid}`}`;

/** After the last row come its ties with a higher tid, then everything beyond: two index lookups. */
function ascending(sql: Sql, selection: OpeningSelection, page: ThreadPage): Fragment {
  const { order_by, limit, following } = page;
  const column = sql(order_by);
  const all = sql`select * from ${ofSelection(sql, selection, page)}`;
  const ordered = sql`order by ${column}, tid limit ${limit + 1}`;
  if (following === undefined) return sql`${all} ${ordered}`;
  return sql`select * from (
    (${tiesAfter(sql, selection, page, following)})
    union all
    (${all} and ${column} > ${Math.floor(following.value)}::bigint ${ordered})
  ) following ${ordered}`;
}

/**
 * The same, backwards. Read backwards, the index yields ties by descending tid, so of the last row's ties perhaps the
 * wrong ones: these are read again, by ascending tid.
 */
function descending(sql: Sql, selection: OpeningSelection, page: ThreadPage): Fragment {
  const { order_by, limit, following } = page;
  const column = sql(order_by);
  const all = sql`select * from ${ofSelection(sql, selection, page)}`;
  const below = following ? sql`and ${column} < ${Math.ceil(following.value)}::bigint` : sql``;
  const ties = following ? sql`(${tiesAfter(sql, selection, page, following)}) union all` : sql``;
  return sql`select * from (
    with backwards as materialized (${all} ${below} order by ${column} desc, tid desc limit ${limit + 1}),
    last as materialized (select min(${column}) as value from backwards)
    ${ties}
    select * from backwards where ${column} > (select value from last)
    union all
    (${all} and ${column} = (select value from last) order by tid limit ${limit + 1})
  ) following order by ${column} desc, tid limit ${limit + 1}`;
}

/** The rows with the value of the last row and a higher tid. The value may be a fraction, which no row has. */
function tiesAfter(
  sql: Sql,
  selection: OpeningSelection,
  page: ThreadPage,
  { tid, value }: { tid: number; value: number },
) {
  return sql`select * from ${ofSelection(sql, selection, page)}
    and ${sql(page.order_by)} = ${Math.trunc(value)}::bigint and ${Number.isInteger(value)} and tid > ${tid}
    order by tid limit ${page.limit + 1}`;
}
