import { type ActiveUsers, inSelections, summed } from "./active-users.ts";
import { weekdayOf, yearOf } from "./facts.ts";

const sums = ["post_count", "edit_count", "posts_length", "threads_created"];

/** Per year × board × weekday: a user active on two Mondays counts once. */
export const weekdayStats = (activeUsers: ActiveUsers) => `
  with of_user as materialized (
    select uid, ${yearOf("day")} as year, bid, ${weekdayOf("day")} as weekday, ${summed(sums)}
    from baked_next.user_days group by 1, 2, 3, 4
  )
  select * from (${inSelections(activeUsers, "weekday", sums, "of_user")}) of_weekdays`;
