import * as baked from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { createNext, replaceAll } from "../maintain.ts";
import { type Declared, same, statistic } from "../statistic.ts";
import type { Steps } from "../steps.ts";
import { dailyStats } from "./daily-stats.ts";
import { userDays } from "./user-days.ts";

const lastDay = (days: string) => `(select max(day) from ${days} where bid = 0)`;

/** The posts of each user in the two weeks before the last day with posts, which may not be over yet. */
export const weekUsers = statistic(baked.weekUsers, {
  needs: { userDays, dailyStats },
  columns: same("uid", "post_count", "before_count"),
  from: (sources) => `(
    select uid, coalesce(sum(post_count) filter (where day >= last - 7), 0) as post_count,
           coalesce(sum(post_count) filter (where day < last - 7), 0) as before_count
    from ${sources.userDays}, (select ${lastDay(sources.dailyStats)} as last) last
    where day >= last - 14 and day < last
    group by uid
  ) of_user`,
  maintain: recomputeAll,
});

/** Reads two weeks of posts in every run. */
function recomputeAll({ table, query }: Declared): Steps {
  const days = `(select ${lastDay("baked.daily_stats")} - n as day from generate_series(1, 14) n)`;
  const posts = `(
    select uid, day, count(*) as post_count from (${countedPosts.lookUp(["day"], days)}) post group by uid, day
  ) of_user`;
  const now = query({ userDays: posts, dailyStats: "baked.daily_stats" });
  return { changes: [], prepare: createNext(table, now), apply: replaceAll(table) };
}
