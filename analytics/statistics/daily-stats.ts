import * as baked from "@potstats/db/baked";
import { addWithUsers } from "../active-users.ts";
import { summedTotals, totalColumns, totals } from "../inputs/sql.ts";
import { userDates } from "../intermediates/user-dates.ts";
import { same, statistic } from "../statistic.ts";
import { userDays } from "./user-days.ts";

/**
 * Per day × board, and per day over all boards, where a user active in two boards counts once. Rows are stored in the
 * order in which they are read.
 */
export const dailyStats = statistic(baked.dailyStats, {
  needs: { userDays, userDates },
  columns: same("day", "bid", ...totals, "active_users"),
  from: (sources) => `(
    with of_board as materialized (
      select day, bid, ${summedTotals}, count(*) as active_users from ${sources.userDays} group by day, bid
    )
    select day, bid, ${totalColumns}, active_users from of_board
    union all
    /* sums of sums, because a day has few boards; distinct users do not add up */
    select day, 0, ${totalColumns}, active_users
    from (select day, ${summedTotals} from of_board group by day) of_day
    join (select day, count(*) as active_users from ${sources.userDates} group by day) users using (day)
  ) of_selection
  order by bid, day`,
  maintain: addWithUsers({
    changes: `(
      select day, coalesce(bid, 0) as bid, ${summedTotals}
      from baked_next.user_days group by grouping sets ((day, bid), (day))
    ) of_selection`,
    users: `
      select day, coalesce(bid, 0) as bid, uid, sum(post_count) as post_count
      from baked_next.user_days group by grouping sets ((day, bid, uid), (day, uid))`,
    // Listing all boards makes this a lookup in the primary key (uid, bid, day).
    hasPosts: `
      select from baked.user_days existing
      where existing.uid = delta.uid and existing.day = delta.day
        and existing.bid = any(
          case delta.bid when 0 then (select array_agg(bid) from public.boards) else array[delta.bid] end
        )`,
  }),
});
