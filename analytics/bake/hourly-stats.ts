import type { ActiveUsers } from "./active-users.ts";
import { rollups } from "./facts.ts";

/** Per year × board × hour × weekday: posts and distinct users. */
export const hourlyStats = (activeUsers: ActiveUsers) => `
  insert into baked_next.hourly_stats (year, bid, weekday, hour, post_count, active_users)
  select year, bid, weekday, hour, sum(post_count), ${activeUsers}
  from (
    select coalesce(year, 0) as year, coalesce(bid, 0) as bid, weekday, hour, uid, sum(post_count) as post_count
    from (
      select year, bid, weekday, hour, uid, sum(sign) as post_count
      from baked_next.facts
      group by year, bid, weekday, hour, uid
    ) of_hour
    group by ${rollups("weekday, hour, uid")}
  ) of_user
  group by year, bid, weekday, hour`;
