import type { weekdayStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import {
  anyYear,
  boardsOfUser,
  type Counts,
  daysOf,
  isRange,
  type OptionalUserSelection,
  type Selection,
  type Sql,
  withAverage,
} from "./selection.ts";

/** Distinct users of several years are not known: they do not add up. */
type WeekdayRow = Row<typeof weekdayStats, "weekday"> & Omit<Counts, "active_users"> & { active_users: number | null };

const sumsOfCounts = (sql: Sql) => sql`
  sum(post_count)::int as post_count, sum(edit_count)::bigint as edit_count,
  sum(posts_length)::bigint as posts_length, sum(threads_created)::int as threads_created`;

const weekdaysOfAll = (sql: Sql, { year, bid }: Selection) => sql<WeekdayRow[]>`
  select weekday, ${sumsOfCounts(sql)}, ${isRange(year) ? sql`null` : sql`sum(active_users)::int`} as active_users
  from baked.weekday_stats
  where year = ${anyYear(sql, year)} and bid = ${bid}
  group by weekday order by weekday`;

function weekdaysOfUser(sql: Sql, selection: Selection & { uid: number }) {
  const { firstDay, endDay } = daysOf(selection.year);
  return sql<WeekdayRow[]>`
    select extract(isodow from day)::int as weekday, ${sumsOfCounts(sql)}, 1 as active_users
    from baked.user_days
    where uid = ${selection.uid} and bid = ${boardsOfUser(sql, selection)}
      and day >= ${firstDay}::date and day < ${endDay}::date
    group by 1 order by 1`;
}

/** Weekdays with posts, Monday ("1") first; of one user, or of all. Raw SQL for sums. */
export async function findWeekdayStats(sql: Sql, { uid, ...selection }: OptionalUserSelection) {
  const rows = await (uid === undefined ? weekdaysOfAll(sql, selection) : weekdaysOfUser(sql, { uid, ...selection }));
  return rows.map((row) => ({ ...withAverage(row), weekday: String(row.weekday) }));
}
