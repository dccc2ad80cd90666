import type { ActiveUsers } from "./active-users.ts";

/** Per day × board, and per day over all boards: a user active in two boards counts once there. In order, since days are read in a row. */
export const dailyStats = (activeUsers: ActiveUsers) => `
  insert into baked_next.daily_stats (day, bid, post_count, edit_count, posts_length, threads_created, active_users)
  select day, bid, sum(post_count), sum(edit_count), sum(posts_length), sum(threads_created), ${activeUsers}
  from baked_next.user_days
  group by day, bid
  union all
  select day, 0, sum(post_count), sum(edit_count), sum(posts_length), sum(threads_created), ${activeUsers}
  from (
    select day, uid, sum(post_count)::int as post_count, sum(edit_count)::int as edit_count,
           sum(posts_length)::bigint as posts_length, sum(threads_created)::int as threads_created
    from baked_next.user_days
    group by day, uid
  ) of_user
  group by day
  order by 2, 1`;
