import type { ActiveUsers } from "./active-users.ts";

/** Per day × board, and per day over all boards: a user active in two boards counts once there. */
export const dailyStats = (activeUsers: ActiveUsers) => `
  insert into baked_next.daily_stats (day, bid, post_count, edit_count, posts_length, threads_created, active_users)
  select day, coalesce(bid, 0), sum(post_count), sum(edit_count), sum(posts_length), sum(threads_created), ${activeUsers}
  from (
    select day, bid, uid, sum(post_count) as post_count, sum(edit_count) as edit_count,
           sum(posts_length) as posts_length, sum(threads_created) as threads_created
    from baked_next.user_days
    group by grouping sets ((day, bid, uid), (day, uid))
  ) of_user
  group by day, coalesce(bid, 0)`;
