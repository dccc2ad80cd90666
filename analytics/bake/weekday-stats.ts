import { type ActiveUsers, summed, usersOfWeek } from "./active-users.ts";
import { rollups, weekdayOf, yearOf } from "./facts.ts";

const sums = ["post_count", "edit_count", "posts_length", "threads_created"];

const ofWeekdays = usersOfWeek(7, "hour / 24", "'{0, 1, 2, 3, 4, 5, 6}'::int[]");
const users = `
  join (select year, bid, unit + 1 as weekday, active_users from (${ofWeekdays}) of_unit) u using (year, bid, weekday)`;

/** Per year × board × weekday: a user active on two Mondays counts once. */
export const weekdayStats = (activeUsers: ActiveUsers) => `
  select year, bid, weekday, ${sums.join(", ")}, ${activeUsers === "count" ? "active_users" : "0"}
  from (
    select coalesce(year, 0) as year, coalesce(bid, 0) as bid, weekday, ${summed(sums)}
    from (
      select *, ${yearOf("day")} as year, ${weekdayOf("day")} as weekday from baked_next.daily_stats where bid <> 0
    ) of_day
    group by ${rollups("weekday")}
  ) s ${activeUsers === "count" ? users : ""}`;
