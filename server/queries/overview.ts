import { type dailyStats, type dailyThreads, type threads, yearlyStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { and, eq } from "drizzle-orm";
import {
  anyYear,
  type Counts,
  countColumns,
  daysOf,
  isRange,
  type Selection,
  type Sql,
  withAverage,
} from "./selection.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

const countsOfSelection = prepared((db, { year, bid }: Placeholders<{ year: number; bid: number }>) =>
  db
    .select(pick(yearlyStats, ...countColumns))
    .from(yearlyStats)
    .where(and(eq(yearlyStats.year, year), eq(yearlyStats.bid, bid))),
);

/** Counts of several years. Distinct users are counted among the users of each year. Raw SQL for the sums. */
async function countsOfRange(sql: Sql, { year, bid }: Selection) {
  return await sql<Counts[]>`
    select sum(post_count)::int as post_count, sum(edit_count)::bigint as edit_count,
           sum(posts_length)::bigint as posts_length, sum(threads_created)::int as threads_created,
           (select count(distinct uid)::int from baked.poster_stats
            where year = ${anyYear(sql, year)} and bid = ${bid}) as active_users
    from baked.yearly_stats
    where year = ${anyYear(sql, year)} and bid = ${bid}
    having count(*) > 0`;
}

/** Counts of the whole selection; undefined if there are no posts. */
export async function findTotals(sql: Sql, { year, bid }: Selection) {
  const [row] = isRange(year)
    ? await countsOfRange(sql, { year, bid })
    : await countsOfSelection(sql, { year: year.first, bid });
  return row && withAverage(row);
}

type Day = Row<typeof dailyStats>["day"];

/** The day with the highest count of something. */
interface DayRecord {
  day: Day;
  count: number;
}

interface DayRecords {
  first_day: Day;
  last_day: Day;
  days: number;
  most_posts: DayRecord;
  most_users: DayRecord;
  /** Null if no thread was created. */
  most_threads: DayRecord | null;
}

/**
 * First and last day with posts, and the days with the most posts, users and new threads; ties go to the earliest day.
 * Undefined if there are no posts. Raw SQL for `filter`.
 */
export async function findDayRecords(sql: Sql, { year, bid }: Selection) {
  const { firstDay, endDay } = daysOf(year);
  const [row] = await sql<DayRecords[]>`
    with days as materialized (
      select day, post_count, active_users, threads_created
      from baked.daily_stats where bid = ${bid} and day >= ${firstDay}::date and day < ${endDay}::date
    ), most as (
      select max(post_count) as posts, max(active_users) as users, max(threads_created) as threads from days
    )
    select min(day) as first_day, max(day) as last_day, count(*)::int as days,
           jsonb_build_object('day', min(day) filter (where post_count = posts), 'count', posts) as most_posts,
           jsonb_build_object('day', min(day) filter (where active_users = users), 'count', users) as most_users,
           case when threads > 0 then
             jsonb_build_object('day', min(day) filter (where threads_created = threads), 'count', threads)
           end as most_threads
    from days, most
    group by posts, users, threads`;
  return row;
}

type Busiest = Row<typeof threads, "tid" | "title" | "subtitle"> &
  Row<typeof dailyThreads, "day"> & { post_count: Row<typeof dailyThreads>["post_counts"][number] };

/** The thread with the most posts on one day; ties go to the earliest day. Raw SQL for a `limit` before the join. */
export async function findBusiestThread(sql: Sql, { year, bid }: Selection) {
  const { firstDay, endDay } = daysOf(year);
  const [row] = await sql<Busiest[]>`
    select t.tid, t.title, t.subtitle, d.day, d.post_count
    from (
      select tids[1] as tid, day, post_counts[1] as post_count from baked.daily_threads
      where bid = ${bid} and day >= ${firstDay}::date and day < ${endDay}::date
      order by post_count desc, day limit 1
    ) d join baked.threads t using (tid)`;
  if (!row) return null;
  const { day, post_count, ...thread } = row;
  return { thread, day, post_count };
}
