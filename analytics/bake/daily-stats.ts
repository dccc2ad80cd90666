import { type ActiveUsers, withUsers } from "./active-users.ts";

const sums = `
  select day, coalesce(bid, 0) as bid, sum(post_count), sum(edit_count), sum(posts_length), sum(threads_created)
  from baked_next.user_days group by grouping sets ((day, bid), (day))`;

const users = `
  select day, bid, count(*) as active_users from baked_next.user_days group by day, bid
  union all
  select day, 0, count(*) from (select distinct day, uid from baked_next.user_days) of_user group by day`;

/** Per day × board, and per day over all boards: a user active in two boards counts once there. In the order in which they are read. */
export const dailyStats = (activeUsers: ActiveUsers) => `
  insert into baked_next.daily_stats (day, bid, post_count, edit_count, posts_length, threads_created, active_users)
  ${withUsers(activeUsers, "day, bid", sums, users)}
  order by 2, 1`;
