import * as baked from "@potstats/db/baked";
import { addWithUsers, distinctUsersPerWeekUnit, hoursInBoards, inYears } from "../active-users.ts";
import { selectedColumns, selections } from "../inputs/sql.ts";
import { rowsPerHour } from "../intermediates/user-board-hours.ts";
import { statistic } from "../statistic.ts";
import { hoursOfUsers } from "./user-hours.ts";

/** Weekday and hour of the day, from an hour of the week. */
const clock = { weekday: "hour / 24 + 1", hour: "hour % 24" };

/** Per year × board × hour × weekday: posts and distinct users. */
export const hourlyStats = statistic(baked.hourlyStats, {
  needs: { hours: hoursOfUsers },
  columns: { year: "year", bid: "bid", ...clock, post_count: "post_count", active_users: "active_users" },
  from: (sources) => {
    const week = { bits: "hour_bits", units: "hours", value: "post_counts" };
    return `(${distinctUsersPerWeekUnit(sources.hours, week)}) of_hour (year, bid, hour, post_count, active_users)`;
  },
  maintain: addWithUsers({
    changes: `(
      select ${selectedColumns}, hour, sum(post_count) as post_count
      from ${rowsPerHour(hoursOfUsers.changes)} of_user group by ${selections("hour")}
    ) of_hour`,
    users: `
      select year, bid, ${clock.weekday} as weekday, ${clock.hour} as hour, uid, post_count
      from (
        select ${selectedColumns}, hour, uid, sum(post_count) as post_count
        from ${rowsPerHour(hoursOfUsers.changes)} of_user group by ${selections("hour", "uid")}
      ) of_hour`,
    hasPosts: `
      select from baked.user_hours existing
      where ${inYears} and 24 * (delta.weekday - 1) + delta.hour = any(${hoursInBoards})`,
  }),
});
