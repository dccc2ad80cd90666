import * as baked from "@potstats/db/baked";
import { mergeBests } from "../bests.ts";
import { fence, yearOf } from "../inputs/sql.ts";
import { same, statistic } from "../statistic.ts";
import { posterStats } from "./poster-stats.ts";
import { userDays } from "./user-days.ts";

/**
 * All streaks of each user within each year. The days of a streak are as far apart as their ranks; a user may post in
 * several boards on a day.
 */
const streaksOf = (days: string) => `
  select year, (max(day) - min(day) + 1)::int as days, min(day) as from_day, uid
  from (
    select uid, ${yearOf("day")} as year, day, day - (dense_rank() over (partition by uid order by day))::int as island
    from ${days}
  ) of_day
  group by uid, year, island`;

/** The longest of some streaks in each year. */
const longestOf = (streaks: string) => `
  with streaks as materialized (${streaks})
  select distinct on (year) year, days, from_day, uid
  from streaks join (select year, max(days) as days from streaks group by year) longest using (year, days)
  order by year, from_day, uid`;

const daysIn = (userDaysTable: string, usersAndYears: string) => `(
  select d.uid, d.day from ${userDaysTable} d join ${usersAndYears} g on g.uid = d.uid and g.year = ${yearOf("d.day")}
) of_user`;

/** Most users have fewer posts in a year than the longest streak of the busiest one has days: they are left out. */
const longestStreaks = (userDaysTable: string, posters: string) => `
  with users as materialized (select uid, year, post_count from ${posters} posters where bid = 0 and year > 0),
  busiest as materialized (select distinct on (year) uid, year from users order by year, post_count desc),
  bounds as materialized (
    select year, max(days) as days from (${streaksOf(daysIn(userDaysTable, "busiest"))}) streak group by year
  ),
  candidates as materialized (select uid, year from users join bounds using (year) where post_count >= days)
  select * from (${longestOf(streaksOf(daysIn(userDaysTable, "candidates")))}) best`;

/** The days of users in some years. Listing all boards makes it an index lookup. */
const lookUpDays = (usersAndYears: string) => `(
  select existing.uid, existing.day
  from ${usersAndYears} g
  cross join lateral (
    select uid, day from baked.user_days
    where uid = g.uid and bid = any((select array_agg(bid) from public.boards)::int[])
      and day >= make_date(g.year, 1, 1) and day < make_date(g.year + 1, 1, 1) ${fence("looked up one by one")}
  ) existing
) of_user`;

/** The longest streak of a user within each year. */
export const yearStreaks = statistic(baked.yearStreaks, {
  needs: { userDays, posterStats },
  columns: same("year", "days", "from_day", "uid"),
  from: (sources) => `(${longestStreaks(sources.userDays, sources.posterStats)}) best`,
  maintain: mergeBests({
    value: "days",
    ties: ["from_day", "uid"],
    identity: ["uid", "year"],
    changed: `
      select distinct uid, ${yearOf("day")} as year
      from (select uid, day from ${userDays.changes} group by uid, day having sum(post_count) <> 0) gained_or_lost`,
    now: (identities) => streaksOf(lookUpDays(identities)),
    all: (groups) =>
      streaksOf(lookUpDays(`(select uid, year from baked.poster_stats join ${groups} using (year) where bid = 0)`)),
  }),
});
