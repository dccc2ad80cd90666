import * as baked from "@potstats/db/baked";
import { addWithUsers } from "../active-users.ts";
import { totals } from "../inputs/sql.ts";
import { same, statistic, sums } from "../statistic.ts";
import { posterStats } from "./poster-stats.ts";

/** Per year × board. Active users are the users who have statistics in exactly this selection. */
export const yearlyStats = statistic(baked.yearlyStats, {
  needs: { posterStats },
  columns: {
    ...same("year", "bid"),
    ...sums(...totals),
    active_users: "count(*)",
  },
  from: (sources) => `${sources.posterStats} group by year, bid`,
  maintain: addWithUsers({
    changes: "baked_next.poster_stats group by year, bid",
    users: "select year, bid, uid, post_count from baked_next.poster_stats",
    hasPosts: `
      select from baked.poster_stats existing
      where existing.uid = delta.uid and existing.bid = delta.bid and existing.year = delta.year`,
  }),
});
