import type { ActiveUsers } from "./active-users.ts";

/** Per year × board; active users are the users that have statistics in exactly this selection. */
export const yearlyStats = (activeUsers: ActiveUsers) => `
  select year, bid, sum(post_count), sum(edit_count), sum(posts_length), sum(threads_created), ${activeUsers === "count" ? "count(*)" : "0"}
  from baked_next.poster_stats
  group by year, bid`;
