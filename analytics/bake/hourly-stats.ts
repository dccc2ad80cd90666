import { type ActiveUsers, usersOfWeek } from "./active-users.ts";
import { rollups } from "./facts.ts";
import { ofHours } from "./user-hours.ts";

const everything = usersOfWeek(168, "hour", "hours", "post_counts");
const changes = `
  select coalesce(year, 0), coalesce(bid, 0), hour, sum(post_count), 0 from ${ofHours} change group by ${rollups("hour")}`;

/** Per year × board × hour × weekday: posts and distinct users. */
export const hourlyStats = (activeUsers: ActiveUsers) => `
  select year, bid, hour / 24 + 1, hour % 24, post_count, active_users
  from (${activeUsers === "count" ? everything : changes}) of_hours (year, bid, hour, post_count, active_users)`;
