import type { dailyStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { findRecords } from "./records.ts";
import type { Sql } from "./selection.ts";
import { type User, userOf } from "./user.ts";

/** Users shown of a week. */
const maxPlaces = 10;

type Week = Row<typeof dailyStats, "post_count" | "active_users" | "threads_created">;

interface Weeks {
  from: string;
  to: string;
  week: Week;
  before: Week;
}

/**
 * The seven days before the last day with posts, which may not be over yet, and the seven before these. Undefined if
 * there are no posts. Raw SQL for `filter`.
 */
export async function findWeeks(sql: Sql): Promise<Weeks | undefined> {
  const [row] = await sql<(Omit<Weeks, "week" | "before"> & { weeks: Week[] })[]>`
    select last - 7 as from, last - 1 as to, (
      select jsonb_agg(jsonb_build_object(
        'post_count', post_count, 'active_users', active_users, 'threads_created', threads_created
      ) order by ago)
      from (
        select ago, (
            select count(*) from baked.week_users where case ago when 1 then post_count else before_count end > 0
          ) as active_users,
          coalesce(sum(post_count), 0) as post_count, coalesce(sum(threads_created), 0) as threads_created
        from (values (1), (2)) as weeks (ago)
        left join baked.daily_stats on bid = 0 and day >= last - 7 * ago and day < last - 7 * (ago - 1)
        group by ago
      ) week
    ) as weeks
    from (select max(day) as last from baked.daily_stats where bid = 0) days
    where last is not null`;
  const [week, before] = row?.weeks ?? [];
  return row && week && before ? { from: row.from, to: row.to, week, before } : undefined;
}

/**
 * The busiest users of the week, with their places in it and in the week before; equals share a place. Raw SQL for
 * ranks.
 */
export async function findPlaces(sql: Sql) {
  const rows = await sql<(User & { post_count: number; place: number; before: number | null })[]>`
    select u.uid, u.name, u.aliases, w.post_count, w.place, w.before
    from (
      select uid, post_count, rank() over (order by post_count desc)::int as place,
             case when before_count > 0 then rank() over (order by before_count desc)::int end as before
      from baked.week_users order by post_count desc, uid limit ${maxPlaces}
    ) w
    join baked.users u using (uid)
    where w.post_count > 0
    order by w.place, u.uid`;
  return rows.map(({ post_count, place, before, ...row }) => ({ user: userOf(row), post_count, place, before }));
}

/** Today's record that was set last; of equals the first in the list of records. */
export async function findNewestRecord(sql: Sql) {
  const newest = (await findRecords(sql, 0)).flatMap(({ record, history }) => {
    const entry = history.at(-1);
    return entry ? [{ record, ...entry }] : [];
  });
  // Sorting is stable.
  return newest.toSorted((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0))[0] ?? null;
}

/** The next milestone, and how many posts are missing. Raw SQL: drizzle would need a row for no posts. */
export async function findNextMilestone(sql: Sql) {
  const [{ post_count = 0 } = {}] = await sql<{ post_count: number }[]>`
    select post_count from baked.yearly_stats where year = 0 and bid = 0`;
  const million = 1_000_000;
  const power = 10 ** String(post_count).length;
  const number = post_count === 0 ? 1 : Math.min(power, million * (Math.floor(post_count / million) + 1));
  return { number, missing: number - post_count };
}
