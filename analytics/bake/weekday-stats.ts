import type { ActiveUsers } from "./active-users.ts";
import { rollups } from "./facts.ts";

/** Per year × board × weekday: a user active on two Mondays counts once. */
export const weekdayStats = (activeUsers: ActiveUsers) => `
  insert into baked_next.weekday_stats (year, bid, weekday, post_count, edit_count, posts_length, threads_created, active_users)
  select year, bid, weekday, sum(post_count), sum(edit_count), sum(posts_length), sum(threads_created), ${activeUsers}
  from (
    select coalesce(year, 0) as year, coalesce(bid, 0) as bid, weekday, uid, sum(post_count) as post_count,
           sum(edit_count) as edit_count, sum(posts_length) as posts_length, sum(threads_created) as threads_created
    from baked_next.user_days
    group by ${rollups("weekday, uid")}
  ) of_user
  group by year, bid, weekday`;
