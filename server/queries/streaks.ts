import type { userStreaks } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Sql } from "./selection.ts";
import { type User, userOf } from "./user.ts";

/** The sort columns, by the API's names. */
const columns = {
  longest: "longest_days",
  running: "running_days",
  pause: "pause_days",
  active_days: "active_days",
  weeks: "weeks",
} as const;
export type StreakOrder = keyof typeof columns;
export const streakOrders = Object.keys(columns) as [StreakOrder, ...StreakOrder[]];

export interface StreakPage {
  order: "asc" | "desc";
  order_by: StreakOrder;
  limit: number;
  /** The last row of the previous page: its uid as `id` and the value of its sort column, which may be any number. */
  following?: { id: number; value: number } | undefined;
}

type StreakRow = User &
  Row<typeof userStreaks, "active_days" | "first_day" | "last_day" | "longest_days" | "longest_from" | "running_days"> &
  Row<typeof userStreaks, "pause_days" | "pause_from" | "weeks" | "weeks_from"> & {
    longest_to: string;
    running_from: string;
    pause_to: string | null;
    weeks_to: string;
  };

/** Columns of the rows, `s`, with the last day of each span. */
const spans = (sql: Sql) => sql`
  s.active_days, s.first_day, s.last_day, s.longest_days, s.longest_from, s.longest_from + s.longest_days - 1 as longest_to,
  s.running_days, s.last_day - s.running_days + 1 as running_from, s.pause_days, s.pause_from,
  s.pause_from + s.pause_days - 1 as pause_to, s.weeks, s.weeks_from, s.weeks_from + 7 * s.weeks - 1 as weeks_to`;

/** The day before the last day with posts: who posted then or later has a running streak. */
async function findRunningSince(sql: Sql): Promise<string> {
  const [row] = await sql<{ day: string | null }[]>`
    select max(day) - 1 as day from baked.daily_stats where bid = 0`;
  return row?.day ?? "9999-12-31";
}

/** A row as the API shows it. */
const shown = (row: StreakRow, runningSince: string) => ({
  user: userOf(row),
  active_days: row.active_days,
  first_day: row.first_day,
  last_day: row.last_day,
  longest: { days: row.longest_days, from: row.longest_from, to: row.longest_to },
  running: row.last_day >= runningSince ? { days: row.running_days, from: row.running_from, to: row.last_day } : null,
  pause:
    row.pause_days === null || row.pause_from === null || row.pause_to === null
      ? null
      : { days: row.pause_days, from: row.pause_from, to: row.pause_to },
  weeks: { weeks: row.weeks, from: row.weeks_from, to: row.weeks_to },
});

/**
 * Rows of one page, and whether there is another page. Ties are broken by uid, ascending in both directions. Raw SQL
 * for a sort column that is a parameter, and a `limit` before the join.
 */
export async function findStreaks(sql: Sql, page: StreakPage) {
  const runningSince = await findRunningSince(sql);
  const rows = await sql<StreakRow[]>`
    select u.uid, u.name, u.aliases, ${spans(sql)}
    from (${slice(sql, page, runningSince)}) s join baked.users u using (uid)
    order by s.${sql(columns[page.order_by])} ${direction(sql, page)}, u.uid`;
  return {
    rows: rows.slice(0, page.limit).map((row) => shown(row, runningSince)),
    hasMore: rows.length > page.limit,
  };
}

/** One user's row; undefined without posts. */
export async function findUserStreaks(sql: Sql, uid: number) {
  const runningSince = await findRunningSince(sql);
  const [row] = await sql<StreakRow[]>`
    select u.uid, u.name, u.aliases, ${spans(sql)}
    from baked.user_streaks s join baked.users u using (uid) where s.uid = ${uid}`;
  return row && shown(row, runningSince);
}

const direction = (sql: Sql, { order }: StreakPage) => (order === "asc" ? sql`asc` : sql`desc`);

/** The rows of a page plus one more. */
function slice(sql: Sql, page: StreakPage, runningSince: string) {
  const { order, order_by, limit, following } = page;
  const column = sql(columns[order_by]);
  const all =
    order_by === "running"
      ? sql`select * from baked.user_streaks where last_day >= ${runningSince}::date`
      : sql`select * from baked.user_streaks where ${column} is not null`;
  const ordered = sql`order by ${column} ${direction(sql, page)}, uid limit ${limit + 1}`;
  if (following === undefined) return sql`${all} ${ordered}`;
  const { id: uid, value } = following;
  const beyond =
    order === "asc" ? sql`${column} > ${Math.floor(value)}::bigint` : sql`${column} < ${Math.ceil(value)}::bigint`;
  // After the last row come its ties with a higher uid, then everything beyond: two index lookups.
  return sql`select * from (
    (${all} and ${column} = ${Math.trunc(value)}::bigint and ${Number.isInteger(value)} and uid > ${uid}
     order by uid limit ${limit + 1})
    union all
    (${all} and ${beyond} ${ordered})
  ) following ${ordered}`;
}
