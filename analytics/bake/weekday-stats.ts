import { type ActiveUsers, usersOfSelections, withUsers } from "./active-users.ts";
import { rollups, weekdayOf, yearOf } from "./facts.ts";

const sums = `
  select coalesce(year, 0) as year, coalesce(bid, 0) as bid, weekday, sum(post_count), sum(edit_count),
         sum(posts_length), sum(threads_created)
  from days group by ${rollups("weekday")}`;

/** Per year × board × weekday: a user active on two Mondays counts once. */
export const weekdayStats = (activeUsers: ActiveUsers) => `
  insert into baked_next.weekday_stats (year, bid, weekday, post_count, edit_count, posts_length, threads_created, active_users)
  with days as materialized (
    select ${yearOf("day")} as year, ${weekdayOf("day")} as weekday, bid, uid, post_count, edit_count, posts_length, threads_created
    from baked_next.user_days
  ),
  of_user as materialized (select distinct year, bid, weekday, uid from days)
  ${withUsers(activeUsers, "year, bid, weekday", sums, usersOfSelections("weekday", "of_user"))}`;
