import { anniversaryOf, type dailyStats, type threads, type users } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { findMilestones } from "./records.ts";
import type { Sql } from "./selection.ts";
import { postOf, type User, userOf } from "./user.ts";
import { findYears } from "./years.ts";

export interface DateInBoard {
  /** Month and day: 02-29. */
  date: string;
  /** 0: all boards. */
  bid: number;
}

/** Users shown per year of registration. */
const maxRegistered = 10;

const dayIn = (year: number, date: string) => `${String(year).padStart(4, "0")}-${date}`;

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

interface DayRow extends Row<typeof dailyStats, "day" | "post_count" | "active_users" | "threads_created"> {
  thread: Row<typeof threads, "tid" | "title" | "subtitle">;
  thread_posts: number;
  pid: number | null;
  tid: number;
  unix_s: number;
  quoted_count: number;
  uid: number;
  name: string;
  aliases: string[];
}

/**
 * The date in each year with posts on it, newest first. Raw SQL: `offset 0` makes joins look up each day's thread and
 * post.
 */
export async function findThisDay(sql: Sql, { date, bid }: DateInBoard) {
  const years = (await findYears(sql, { bid })).map(({ year }) => year);
  const days = years.filter((year) => date !== "02-29" || isLeap(year)).map((year) => dayIn(year, date));
  const rows = await sql<DayRow[]>`
    select s.day, s.post_count, s.active_users, s.threads_created, t.thread, busy.post_counts[1] as thread_posts,
           quoted.pid, quoted.quoted_count, f.tid, f.unix_s, f.uid, f.name, f.aliases
    from unnest(${days}::date[]) as asked (day)
    cross join lateral (select * from baked.daily_stats where bid = ${bid} and day = asked.day offset 0) s
    cross join lateral (select * from baked.daily_threads where bid = ${bid} and day = asked.day offset 0) busy
    cross join lateral (
      select jsonb_build_object('tid', tid, 'title', title, 'subtitle', subtitle) as thread
      from baked.threads where tid = busy.tids[1] offset 0
    ) t
    left join lateral (select * from baked.daily_quoted where bid = ${bid} and day = asked.day offset 0) quoted on true
    left join lateral (
      select tid, unix_s, u.uid, name, aliases
      from baked.post_facts p join baked.users u using (uid) where p.pid = quoted.pid offset 0
    ) f on true
    order by s.day desc`;
  return rows.map(({ day, post_count, active_users, threads_created, thread, thread_posts, quoted_count, ...row }) => ({
    year: Number(day.slice(0, 4)),
    post_count,
    active_users,
    threads_created,
    busiest_thread: { thread, post_count: thread_posts },
    most_quoted: row.pid === null ? null : { post: postOf({ ...row, pid: row.pid }), quoted_count },
  }));
}

type RegisteredRow = User & { year: number; post_count: number };

/** Users who registered on the date, newest year first, at most ten a year, most posts first. Raw SQL for ranks. */
export async function findRegistered(sql: Sql, { date }: Pick<DateInBoard, "date">) {
  const rows = await sql<RegisteredRow[]>`
    select *
    from (
      select *, row_number() over (partition by year order by post_count desc, uid) as place
      from (
        select u.uid, u.name, u.aliases, date_part('year', registered)::int as year,
               coalesce(s.post_count, 0) as post_count
        from baked.users u
        left join lateral (
          select post_count from baked.poster_stats where uid = u.uid and bid = 0 and year = 0 offset 0
        ) s on true
        where ${sql.unsafe(anniversaryOf("registered" satisfies keyof Row<typeof users>))} = ${Number(date.replace("-", ""))}
      ) registered
    ) ranked
    where place <= ${maxRegistered}
    order by year desc, place`;
  return [...Map.groupBy(rows, ({ year }) => year)].map(([year, own]) => ({
    year,
    users: own.map(({ post_count, ...row }) => ({ user: userOf(row), post_count })),
  }));
}

/** The milestones that were reached on the date. */
export async function findMilestonesOn(sql: Sql, { date, bid }: DateInBoard) {
  const milestones = await findMilestones(sql, bid);
  return milestones.filter(({ day }) => day.endsWith(date)).map(({ number, post }) => ({ number, post }));
}
