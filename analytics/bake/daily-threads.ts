import { facts, utc } from "./facts.ts";

const rank = (days: string) => `row_number() over (partition by ${days} order by post_count desc, tid) as rank`;
const gathered = ["tid", "post_count"].map((value) => `array_agg(${value} order by post_count desc, tid)`).join(", ");

/**
 * The five busiest threads per day and board, and per day over all boards, where they are among those of the boards: by posts,
 * then tid. In the order in which they are read.
 */
const busiest = (posts: string) => `
  with of_boards as materialized (
    select * from (
      select day, bid, tid, post_count, ${rank("day, bid")}
      from (select day, bid, tid, count(*)::int as post_count from ${posts} f group by day, bid, tid) of_thread
    ) ranked
    where rank <= 5
  )
  select day, bid, ${gathered} from of_boards group by day, bid
  union all
  select day, 0, ${gathered} from (select day, tid, post_count, ${rank("day")} from of_boards) ranked where rank <= 5 group by day
  order by bid, day`;

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
    select from baked_next.daily_threads n where n.bid = t.bid and n.day = t.day
  )`,
  `insert into baked.daily_threads as t (day, bid, tids, post_counts)
  select n.day, n.bid, n.tids, n.post_counts
  from baked_next.daily_threads n join baked_next.changed_days using (day, bid)
  on conflict (bid, day) do update set tids = excluded.tids, post_counts = excluded.post_counts
  where (t.tids, t.post_counts) <> (excluded.tids, excluded.post_counts)`,
];
