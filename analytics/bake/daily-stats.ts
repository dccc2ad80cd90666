/** Per day × board, and per day over all boards: a user active in two boards counts once there. */
export const dailyStats = `
  insert into baked_next.daily_stats (day, bid, post_count, edit_count, posts_length, threads_created, active_users)
  select day, coalesce(bid, 0), sum(post_count), sum(edit_count), sum(posts_length), sum(threads_created), count(*)
  from (
    select day, bid, uid, sum(post_count) as post_count, sum(edit_count) as edit_count,
           sum(posts_length) as posts_length, sum(threads_created) as threads_created
    from baked_next.user_days
    group by grouping sets ((day, bid, uid), (day, uid))
  ) of_user
  group by day, coalesce(bid, 0)`;

/** The five busiest threads per day and board, and per day over all boards: by posts, then tid. */
export const dailyThreads = `
  insert into baked_next.daily_threads (day, bid, rank, tid, post_count)
  select day, bid, rank, tid, post_count
  from (
    select day, bid, tid, post_count, row_number() over (partition by day, bid order by post_count desc, tid) as rank
    from (
      select day, coalesce(bid, 0) as bid, tid, count(*) as post_count
      from baked_next.facts
      group by grouping sets ((day, bid, tid), (day, tid))
    ) of_thread
  ) ranked
  where rank <= 5`;
