import * as baked from "@potstats/db/baked";
import { addWithUsers } from "../active-users.ts";
import { same, statistic, sums } from "../statistic.ts";
import { posterStats } from "./poster-stats.ts";

/** Per year × board; active users are those that have statistics in exactly this selection. */
export const yearlyStats = statistic(baked.yearlyStats, {
  needs: { posterStats },
  columns: {
    ...same("year", "bid"),
    ...sums("post_count", "edit_count", "posts_length", "threads_created"),
    active_users: "count(*)",
  },
  from: (sources) => `${sources.posterStats} group by year, bid`,
  maintain: addWithUsers({
    changes: "baked_next.poster_stats group by year, bid",
    users: "select year, bid, uid, post_count from baked_next.poster_stats",
    present: `
      select from baked.poster_stats known
      where known.uid = change.uid and known.bid = change.bid and known.year = change.year`,
  }),
});
