import { everyThread, type threads, type threadStats } from "@potstats/db/baked";
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
  following?: { id: number; value: number } | undefined;
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

/** The threads of the selection that have a value. */
const ofSelection = (sql: Sql, { year, bid }: OpeningSelection, { order_by }: ThreadPage) => sql`
  select * from baked.thread_stats where ${sql(order_by)} is not null ${inSelection(sql, year, bid)}`;

function inSelection(sql: Sql, year: number, bid: number): Fragment {
  if (year !== 0 && bid !== 0) return sql`and year = ${year} and bid = ${bid}`;
  if (year !== 0) return sql`and year = ${year} and ${sql.unsafe(everyThread.ofYear)}`;
  if (bid !== 0) return sql`and bid = ${bid} and ${sql.unsafe(everyThread.ofBoard)}`;
  return sql`and ${sql.unsafe(everyThread.ofAll)}`;
}

/** The rows after the last one of the previous page, whose value may be a fraction, which no row has. */
const after = (sql: Sql, { order_by, following }: ThreadPage) => {
  if (following === undefined) return sql``;
  const { id: tid, value } = following;
  const last = Number.isInteger(value) ? tid : maxTid;
  return sql`and (${sql(order_by)}, tid) > (${Math.floor(value)}::bigint, ${last})`;
};
const maxTid = 2 ** 31 - 1;

/** One range of an index. */
const ascending = (sql: Sql, selection: OpeningSelection, page: ThreadPage): Fragment => sql`
  ${ofSelection(sql, selection, page)} ${after(sql, page)} order by ${sql(page.order_by)}, tid limit ${page.limit + 1}`;

/**
 * The same indexes, read backwards. They yield rows with equal values by descending tid, so the page's last value may
 * come with the wrong rows. So a page is read in three ranges: the remaining rows with the value of `following`; below
 * it, down to the page's last value, which the index alone tells; and by ascending tid the rows with that last value.
 *
 * Of equal values, `between` is said instead of `=`: the planner then takes the index that has the whole selection.
 */
function descending(sql: Sql, selection: OpeningSelection, page: ThreadPage): Fragment {
  const { order_by, limit, following } = page;
  const column = sql(order_by);
  const all = ofSelection(sql, selection, page);
  const top = following && Math.ceil(following.value);
  const ties = following
    ? sql`${all} ${after(sql, page)} and ${column} <= ${Math.floor(following.value)}::bigint
      order by ${column}, tid limit ${limit + 1}`
    : sql`select * from baked.thread_stats where false`;
  const below = top === undefined ? sql`` : sql`and ${column} < ${top}::bigint`;
  return sql`select * from (
    with ties as materialized (${ties}),
    below as materialized (
      select ${column} as value from (${all} ${below}) thread
      order by ${column} desc, tid desc limit ${limit + 1} - (select count(*) from ties)
    ),
    lowest as materialized (select min(value) as value from below)
    select * from ties
    union all
    (${all} ${below} and ${column} > (select value from lowest) order by ${column} desc, tid desc limit ${limit + 1})
    union all
    (${all} and ${column} between (select value from lowest) and (select value from lowest)
     order by ${column}, tid limit (select count(*) from below where value = (select value from lowest)))
  ) following order by ${column} desc, tid`;
}
