/** The five busiest threads per day and board, and per day over all boards: by posts, then tid. */
const busiest = (posts: string) => `
  insert into baked_next.daily_threads (day, bid, rank, tid, post_count)
  select day, bid, rank, tid, post_count
  from (
    select day, bid, tid, post_count, row_number() over (partition by day, bid order by post_count desc, tid) as rank
    from (
      select day, coalesce(bid, 0) as bid, tid, count(*) as post_count
      from ${posts} f
      group by grouping sets ((day, bid, tid), (day, tid))
    ) of_thread
  ) ranked
  where rank <= 5`;

export const dailyThreads = busiest("baked_next.post_facts");

/** Days on which threads have gained or lost posts. */
const changedDays = `
  select distinct day from (select day from baked_next.facts group by day, bid, tid having sum(sign) <> 0) gained_or_lost`;

/**
 * All boards of such days anew; a local day begins at most 16 hours before and ends at most 16 hours after the day in UTC. To be executed
 * when `baked.post_facts` holds the posts as they are now.
 */
export const dailyThreadsAnew = [
  busiest(`(
    select f.day, f.bid, f.tid
    from (${changedDays}) d
    join public.posts p on p.timestamp between d.day - interval '16 hours' and d.day + interval '40 hours'
    join baked.post_facts f on f.pid = p.pid and f.day = d.day
  )`),
  `delete from baked.daily_threads where day in (${changedDays})`,
  "insert into baked.daily_threads select * from baked_next.daily_threads",
];
