import { type ActiveUsers, inSelections } from "./active-users.ts";

/** Per year × board × hour × weekday: posts and distinct users. */
export const hourlyStats = (activeUsers: ActiveUsers) => `
  select year, bid, hour / 24 + 1, hour % 24, post_count, active_users
  from (${inSelections(activeUsers, "hour", ["post_count"], "baked_next.of_hours")}) of_hours (year, bid, hour, post_count, active_users)`;
