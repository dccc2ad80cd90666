import { boards, type threadDetails, threads, threadStats } from "@potstats/db/baked";
import type { postFacts } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { eq } from "drizzle-orm";
import type { Sql } from "./selection.ts";
import { type Period, timelineOf } from "./timeline.ts";
import { findUsersByUid, type Post, postOf, type User } from "./user.ts";
import { pick, type Placeholders, prepared } from "./prepared.ts";

type Thread = Row<typeof threads, "tid" | "title" | "subtitle">;
type Key = Pick<Thread, "tid">;

const identities = prepared((db, { tid }: Placeholders<Key>) =>
  db
    .select(pick(threads, "tid", "title", "subtitle", "bid", "series"))
    .from(threads)
    .where(eq(threads.tid, tid)),
);

const boardNames = prepared((db, { tid }: Placeholders<Key>) =>
  db
    .select(pick(boards, "name"))
    .from(boards)
    .innerJoin(threads, eq(threads.bid, boards.bid))
    .where(eq(threads.tid, tid)),
);

const statistics = prepared((db, { tid }: Placeholders<Key>) =>
  db.select().from(threadStats).where(eq(threadStats.tid, tid)),
);

/** Raw SQL for a slice of an array: only the most quoted posts are shown. */
async function findDetails(sql: Sql, tid: number) {
  const [row] = await sql<Row<typeof threadDetails>[]>`
    select tid, busiest_day, busiest_day_post_count, days, day_post_counts, uids, user_post_counts,
           quoted_pids[1:${maxQuoted}::int] as quoted_pids, quoted_counts[1:${maxQuoted}::int] as quoted_counts,
           stream_uids, stream_days, stream_post_counts
    from baked.thread_details where tid = ${tid}`;
  return row;
}
const maxQuoted = 10;

/** Posts by pid. Raw SQL for `any`. */
export async function findPosts(
  sql: Sql,
  pids: (number | null | undefined)[],
): Promise<(pid: number | null | undefined) => Post | null> {
  const rows = await sql<(Row<typeof postFacts, "pid"> & { tid: number; unix_s: number } & User)[]>`
    select f.pid, f.tid, f.unix_s, u.uid, u.name, u.aliases
    from baked.post_facts f join baked.users u using (uid)
    where f.pid = any(${pids.filter((pid) => pid !== undefined)}::int[])`;
  const posts = new Map(rows.map((row) => [row.pid, postOf(row)]));
  return (pid) => posts.get(pid ?? -1) ?? null;
}

/** A thread's place in its series, and its neighbors. */
interface Series {
  position: number;
  threads: number;
  previous: Thread | null;
  next: Thread | null;
}

type SeriesRow = Pick<Series, "position" | "threads"> & {
  [Column in `${"previous" | "next"}_${keyof Thread}`]: Column extends `${string}tid` ? number | null : string;
};

/**
 * The parts of a series are the threads of its name with a part number. The latest thread without one, opened before
 * all of them, opens the series. Raw SQL for window functions.
 */
async function findSeries(sql: Sql, { tid, bid, series }: { tid: number; bid: number; series: string }) {
  const named = sql`
    select t.tid, s.opened, s.first_pid from baked.threads t join baked.thread_stats s using (tid)
    where t.bid = ${bid} and t.series = ${series}`;
  const [row] = await sql<SeriesRow[]>`
    with part as materialized (${named} and t.is_part),
    opening as (
      ${named} and not t.is_part
        and (s.opened, s.first_pid) < (select opened, first_pid from part order by opened, first_pid limit 1)
      order by s.opened desc, s.first_pid desc limit 1
    ),
    member as (
      select tid, row_number() over in_order::int as position, count(*) over ()::int as threads,
             lag(tid) over in_order as previous, lead(tid) over in_order as next
      from (select * from part union all select * from opening) thread
      window in_order as (order by opened, first_pid)
    )
    select m.position, m.threads, p.tid as previous_tid, p.title as previous_title, p.subtitle as previous_subtitle,
           n.tid as next_tid, n.title as next_title, n.subtitle as next_subtitle
    from member m
    left join baked.threads p on p.tid = m.previous
    left join baked.threads n on n.tid = m.next
    where m.tid = ${tid} and m.threads > 1`;
  if (!row) return null;
  const neighbor = (id: number | null, title: string, subtitle: string) =>
    id === null ? null : { tid: id, title, subtitle };
  return {
    position: row.position,
    threads: row.threads,
    previous: neighbor(row.previous_tid, row.previous_title, row.previous_subtitle),
    next: neighbor(row.next_tid, row.next_title, row.next_subtitle),
  } satisfies Series;
}

/** What a thread without posts has. */
const noPosts = {
  user: null,
  post_count: 0,
  participants: 0,
  first: null,
  last: null,
  first_reply_s: null,
  lifetime_s: null,
  half_life_s: null,
  longest_silence_s: null,
  silence_ended_by: null,
  busiest_day: null,
  times_quoted: 0,
  per: "day" as Period,
  timeline: [],
  stream: [],
  users: [],
  most_quoted: [],
  series: null,
};

/** Everything about one thread; undefined if there is none with this tid. */
export async function findThread(sql: Sql, tid: number) {
  const [[identity], [board], [stats], detail] = await Promise.all([
    identities(sql, { tid }),
    boardNames(sql, { tid }),
    statistics(sql, { tid }),
    findDetails(sql, tid),
  ]);
  if (!identity) return undefined;
  const { title, subtitle, bid, series } = identity;
  const thread = { thread: { tid, title, subtitle }, bid, board: board?.name ?? null };
  if (!stats || !detail) return { ...thread, ...noPosts };

  const { first_pid, last_pid, uid } = stats;
  const silence_pid = stats.silence_pids.at(-1);
  const [postBy, userBy, place] = await Promise.all([
    findPosts(sql, [first_pid, last_pid, silence_pid, ...detail.quoted_pids]),
    findUsersByUid(sql, [uid, ...detail.uids]),
    series === null ? null : findSeries(sql, { tid, bid: stats.bid, series }),
  ]);
  const opener = userBy.get(uid);
  return {
    ...thread,
    user: opener ?? null,
    post_count: stats.post_count,
    participants: stats.participants,
    first: postBy(first_pid),
    last: postBy(last_pid),
    first_reply_s: stats.first_reply_s,
    lifetime_s: stats.lifetime_s,
    half_life_s: stats.half_life_s,
    longest_silence_s: stats.longest_silence_s,
    silence_ended_by: postBy(silence_pid),
    busiest_day: { day: detail.busiest_day, post_count: detail.busiest_day_post_count },
    times_quoted: stats.times_quoted,
    ...timelineOf(detail),
    users: detail.uids.flatMap((id, at) => {
      const user = userBy.get(id);
      return user ? [{ user, post_count: detail.user_post_counts[at] ?? 0 }] : [];
    }),
    most_quoted: detail.quoted_pids.flatMap((pid, at) => {
      const post = postBy(pid);
      return post ? [{ post, quoted_count: detail.quoted_counts[at] ?? 0 }] : [];
    }),
    series: place,
  };
}
