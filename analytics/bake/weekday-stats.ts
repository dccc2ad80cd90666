import type { ActiveUsers } from "./active-users.ts";
import { weekdayOf, widerRollups, yearOf } from "./facts.ts";

const sums = `
  sum(post_count)::int as post_count, sum(edit_count)::int as edit_count, sum(posts_length)::bigint as posts_length,
  sum(threads_created)::int as threads_created`;

/** Per year × board × weekday: a user active on two Mondays counts once. */
export const weekdayStats = (activeUsers: ActiveUsers) => `
  insert into baked_next.weekday_stats (year, bid, weekday, post_count, edit_count, posts_length, threads_created, active_users)
  with of_user as materialized (
    select ${yearOf("day")} as year, bid, ${weekdayOf("day")} as weekday, uid, ${sums}
    from baked_next.user_days
    group by 1, 2, 3, 4
  )
  select year, bid, weekday, sum(post_count), sum(edit_count), sum(posts_length), sum(threads_created), ${activeUsers}
  from (
    select year, bid, weekday, post_count, edit_count, posts_length, threads_created from of_user
    union all
    select coalesce(year, 0), coalesce(bid, 0), weekday, ${sums}
    from of_user
    group by ${widerRollups("weekday, uid")}
  ) of_selection
  group by year, bid, weekday`;
