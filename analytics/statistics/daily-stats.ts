import * as baked from "@potstats/db/baked";
import { addWithUsers } from "../active-users.ts";
import { same, statistic } from "../statistic.ts";
import { userDays } from "./user-days.ts";

const values = "post_count, edit_count, posts_length, threads_created";
const sums = `sum(post_count)::bigint as post_count, sum(edit_count)::bigint as edit_count,
  sum(posts_length)::bigint as posts_length, sum(threads_created)::bigint as threads_created`;

/**
 * Per day × board, and per day over all boards, where a user active in two boards counts once. Stored in the order in
 * which it is read.
 */
export const dailyStats = statistic(baked.dailyStats, {
  needs: { userDays },
  columns: same("day", "bid", "post_count", "edit_count", "posts_length", "threads_created", "active_users"),
  from: (sources) => `(
    with of_board as materialized (
      select day, bid, ${sums}, count(*) as active_users from ${sources.userDays} group by day, bid
    )
    select day, bid, ${values}, active_users from of_board
    union all
    /* sums of sums, because the boards of a day are few; users have to be counted again */
    select day, 0, ${values}, active_users
    from (select day, ${sums} from of_board group by day) of_day
    join (
      select day, count(*) as active_users
      from (select distinct day, uid from ${sources.userDays}) of_user group by day
    ) users using (day)
  ) of_selection
  order by bid, day`,
  maintain: addWithUsers({
    changes: `(
      select day, coalesce(bid, 0) as bid, ${sums}
      from baked_next.user_days group by grouping sets ((day, bid), (day))
    ) of_selection`,
    users: `
      select day, coalesce(bid, 0) as bid, uid, sum(post_count) as post_count
      from baked_next.user_days group by grouping sets ((day, bid, uid), (day, uid))`,
    // The list of all boards lets the primary key (uid, bid, day) find them.
    present: `
      select from baked.user_days known
      where known.uid = change.uid and known.day = change.day
        and known.bid = any(
          case change.bid when 0 then (select array_agg(bid) from public.boards) else array[change.bid] end
        )`,
  }),
});
