import { facts, utc } from "./facts.ts";

const rank = (days: string) => `row_number() over (partition by ${days} order by post_count desc, tid) as rank`;

/**
 * The five busiest threads per day and board, and per day over all boards, where they are among those of the boards: by posts,
 * then tid. In the order in which they are read.
 */
const busiest = (posts: string) => `
  with of_boards as materialized (
    select * from (
      select day, bid, tid, post_count, ${rank("bid, day")}
      from (select day, bid, tid, count(*)::int as post_count from ${posts} f group by day, bid, tid) of_thread
    ) ranked
    where rank <= 5
  )
  select day, bid, rank, tid, post_count from of_boards
  union all
  select * from (select day, 0, ${rank("day")}, tid, post_count from of_boards) ranked where rank <= 5`;

export const dailyThreads = busiest("baked_next.facts");

/**
 * Boards and days where threads have gained or lost posts, anew; to be executed when `baked.post_facts` holds the posts as
 * they are now. Two hours of grace: where clocks change at midnight a day may begin twice.
 */
export const dailyThreadsAnew = (timezone: string) => [
  `create table baked_next.changed_days as
  select day, coalesce(bid, 0) as bid
  from (select day, bid from baked_next.facts group by day, bid, tid having sum(sign) <> 0) gained_or_lost
  group by grouping sets ((day, bid), (day))`,
  "analyze baked_next.changed_days",
  `insert into baked_next.daily_threads ${busiest(`(
    select f.day, f.bid, f.tid
    from (select day from baked_next.changed_days where bid = 0) d
    -- The offsets: days and posts are looked up one by one, whatever the planner expects of them.
    cross join lateral (
      select pid from public.posts
      where timestamp between ${utc(timezone, "d.day")} - interval '2 hours' and ${utc(timezone, "d.day + 1")} + interval '2 hours'
      offset 0
    ) p
    cross join lateral (select * from (${facts(1, "baked")}) known where known.pid = p.pid offset 0) f
    where f.day = d.day
  )`)}`,
  `delete from baked.daily_threads t using baked_next.changed_days d
  where t.bid = d.bid and t.day = d.day and not exists (
    select from baked_next.daily_threads n where n.bid = t.bid and n.day = t.day and n.rank = t.rank
  )`,
  `insert into baked.daily_threads as t (day, bid, rank, tid, post_count)
  select n.day, n.bid, n.rank, n.tid, n.post_count
  from baked_next.daily_threads n join baked_next.changed_days using (day, bid)
  on conflict (bid, rank, day) do update set tid = excluded.tid, post_count = excluded.post_count
  where (t.tid, t.post_count) <> (excluded.tid, excluded.post_count)`,
];
