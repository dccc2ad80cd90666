import * as baked from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import type { Source } from "../source.ts";
import { same, statistic } from "../statistic.ts";
import { dailyStats } from "./daily-stats.ts";

/**
 * For each milestone the days among whose posts it is: the one on which the count reaches the number, and its
 * neighbors. Where clocks change at midnight a day may begin twice, so posts of neighboring days may interleave.
 */
const daysOf = (days: string) => `
  select bid, number, reached - post_count - case when previous_day = day - 1 then previous_count else 0 end as skipped,
         day + near as day
  from (
    select bid, day, post_count, sum(post_count) over of_board as reached,
           lag(day) over of_board as previous_day, lag(post_count) over of_board as previous_count
    from ${days} window of_board as (partition by bid order by day)
  ) of_day
  cross join lateral (
    select (10 ^ n)::int as number from generate_series(0, 5) n
    union all select 1000000 * n from generate_series((reached - post_count)::int / 1000000 + 1, reached::int / 1000000) n
  ) milestone
  cross join generate_series(-1, 1) near
  /* most days reach no number: no further digit, no further million */
  where (
      reached = post_count or length(reached::text) > length((reached - post_count)::text)
      or reached / 1000000 > (reached - post_count) / 1000000
    )
    and number > reached - post_count and number <= reached`;

const postsNear: Source = {
  ...countedPosts,
  lookUp: (_by, groups) =>
    countedPosts.lookUp(
      ["day"],
      `(select distinct day from (${daysOf(`(${dailyStats.lookUp(["bid"], groups)}) of_board`)}) near)`,
    ),
};

/** The 1st, 10th, 100th, … post, per board and over all boards. */
export const milestones = statistic(baked.milestones, {
  needs: { dailyStats, postsNear },
  columns: same("bid", "number", "day", "pid", "unix_s", "tid", "uid"),
  from: (sources) => `(
    with target as materialized (${daysOf(sources.dailyStats)})
    select target.bid, number, f.day, f.pid, f.unix_s, f.tid, f.uid,
           skipped + row_number() over (partition by target.bid, number order by f.unix_s, f.pid) as place
    from target
    join (
      select day, bid, pid, unix_s, tid, uid from ${sources.postsNear}
      /* "is true" keeps the planner from joining: few posts are left */
      where (day in (select distinct day from target)) is true
    ) f on f.day = target.day and target.bid in (0, f.bid)
  ) near
  where place = number`,
  maintain: {
    recompute: "bid",
    // Boards where a post up to the last milestone changed, or the next one may be reached: the total may be old or new.
    changed: (changes) => `
      select bid
      from (
        select selected.bid, min(unix_s) as unix_s, sum(gained) as gained
        from (
          select bid, unix_s, sum(sign) as gained from ${changes.postsNear} group by bid, unix_s, pid, tid, uid having sum(sign) <> 0
        ) changed
        cross join lateral (values (bid), (0)) selected (bid)
        group by selected.bid
      ) changed
      cross join lateral (
        select max(number) as number, max(unix_s) as last_unix_s from baked.milestones existing
        where existing.bid = changed.bid
      ) last
      where number is null or unix_s <= last_unix_s
        or (select post_count from baked.yearly_stats existing where existing.year = 0 and existing.bid = changed.bid)
          + greatest(gained, 0) >= case when number < 1000000 then 10 * number else number + 1000000 end`,
  },
});
