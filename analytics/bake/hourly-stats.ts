import type { ActiveUsers } from "./active-users.ts";
import { widerRollups } from "./facts.ts";

/** Per year × board × hour × weekday: posts and distinct users. */
export const hourlyStats = (activeUsers: ActiveUsers) => `
  insert into baked_next.hourly_stats (year, bid, weekday, hour, post_count, active_users)
  select year, bid, hour / 24 + 1, hour % 24, sum(post_count), ${activeUsers}
  from (
    select year, bid, hour, post_count from baked_next.of_hours
    union all
    select coalesce(year, 0), coalesce(bid, 0), hour, sum(post_count)::int
    from baked_next.of_hours
    group by ${widerRollups("hour, uid")}
  ) of_user
  group by year, bid, hour`;
