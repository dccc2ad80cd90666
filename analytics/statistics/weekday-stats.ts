import * as baked from "@potstats/db/baked";
import { addWithUsers, distinctUsersPerWeekUnit, hoursInBoards, inYears } from "../active-users.ts";
import { selectedColumns, selections, summedTotals, totals, weekdayOf, yearOf } from "../inputs/sql.ts";
import { rowsPerHour } from "../intermediates/user-board-hours.ts";
import { same, statistic } from "../statistic.ts";
import { dailyStats } from "./daily-stats.ts";
import { hoursOfUsers } from "./user-hours.ts";

const perWeekday = (days: string) => `(
  select ${selectedColumns}, weekday, ${summedTotals}
  from (
    select *, ${yearOf("day")} as year, ${weekdayOf("day")} as weekday from ${days} where bid <> 0
  ) of_day
  group by ${selections("weekday")}
) sums`;

/** Per year × board × weekday: a user active on two Mondays counts once. */
export const weekdayStats = statistic(baked.weekdayStats, {
  needs: { dailyStats, hours: hoursOfUsers },
  columns: same("year", "bid", "weekday", ...totals, "active_users"),
  from: (sources) => `${perWeekday(sources.dailyStats)}
    join (
      select year, bid, unit + 1 as weekday, active_users
      from (${distinctUsersPerWeekUnit(sources.hours, {
        bits: "weekday_bits",
        units: "'{0, 1, 2, 3, 4, 5, 6}'::int[]",
        value: "null::int[]",
      })}) of_unit
    ) users using (year, bid, weekday)`,
  maintain: addWithUsers({
    changes: perWeekday("baked_next.daily_stats"),
    users: `
      select ${selectedColumns}, weekday, uid, sum(post_count) as post_count
      from (select *, hour / 24 + 1 as weekday from ${rowsPerHour(hoursOfUsers.changes)} of_hour) of_weekday
      group by ${selections("weekday", "uid")}`,
    hasPosts: `
      select from baked.user_hours existing, unnest(${hoursInBoards}) as hour
      where ${inYears} and hour / 24 + 1 = delta.weekday`,
  }),
});
