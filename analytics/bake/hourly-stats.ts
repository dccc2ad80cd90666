import { type ActiveUsers, usersOfSelections, withUsers } from "./active-users.ts";
import { rollups } from "./facts.ts";

const sums = `
  select coalesce(year, 0) as year, coalesce(bid, 0) as bid, hour, sum(post_count) as post_count
  from baked_next.of_hours group by ${rollups("hour")}`;
const users = usersOfSelections("hour", "baked_next.of_hours");

/** Per year × board × hour × weekday: posts and distinct users. */
export const hourlyStats = (activeUsers: ActiveUsers) => `
  insert into baked_next.hourly_stats (year, bid, weekday, hour, post_count, active_users)
  select year, bid, hour / 24 + 1, hour % 24, post_count, active_users
  from (${withUsers(activeUsers, "year, bid, hour", sums, users)}) both_of (year, bid, hour, post_count, active_users)`;
