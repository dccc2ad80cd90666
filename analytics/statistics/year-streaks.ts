import * as baked from "@potstats/db/baked";
import { mergeBests } from "../bests.ts";
import { fence, yearOf } from "../inputs/sql.ts";
import { userDates } from "../intermediates/user-dates.ts";
import { same, statistic } from "../statistic.ts";
import { posterStats } from "./poster-stats.ts";

/**
 * All streaks of each user within each year. A streak begins where the day before is missing or in another year, and ends
 * with the last day before the next one begins. A user may post in several boards on a day.
 */
const streaksOf = (days: string) => `
  select year, (coalesce(lead(previous) over of_user, last_day) - day + 1)::int as days, day as from_day, uid
  from (
    select uid, day, ${yearOf("day")} as year, lag(day) over of_user as previous,
           max(day) over (partition by uid) as last_day
    from ${days} window of_user as (partition by uid order by day)
  ) of_day
  where previous is null or day - previous > 1 or ${yearOf("previous")} <> year
  window of_user as (partition by uid order by day)`;

/** The longest of some streaks in each year. */
const longestOf = (streaks: string) => `
  with streaks as materialized (${streaks})
  select distinct on (year) year, days, from_day, uid
  from streaks join (select year, max(days) as days from streaks group by year) longest using (year, days)
  order by year, from_day, uid`;

const daysIn = (userDatesTable: string, usersAndYears: string) => `(
  select d.uid, d.day from ${userDatesTable} d join ${usersAndYears} g on g.uid = d.uid and g.year = ${yearOf("d.day")}
) of_user`;

/** Most users have fewer posts in a year than the longest streak of the busiest one has days: they are left out. */
const longestStreaks = (userDatesTable: string, posters: string) => `
  with users as materialized (select uid, year, post_count from ${posters} posters where bid = 0 and year > 0),
  busiest as materialized (select distinct on (year) uid, year from users order by year, post_count desc),
  bounds as materialized (
    select year, max(days) as days from (${streaksOf(daysIn(userDatesTable, "busiest"))}) streak group by year
  ),
  candidates as materialized (select uid, year from users join bounds using (year) where post_count >= days)
  select * from (${longestOf(streaksOf(daysIn(userDatesTable, "candidates")))}) best`;

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
  needs: { userDates, posterStats },
  columns: same("year", "days", "from_day", "uid"),
  from: (sources) => `(${longestStreaks(sources.userDates, sources.posterStats)}) best`,
  maintain: mergeBests({
    value: "days",
    ties: ["from_day", "uid"],
    identity: ["uid", "year"],
    changed: `
      select distinct uid, ${yearOf("day")} as year
      from (select uid, day from ${userDates.changes} group by uid, day having sum(post_count) <> 0) gained_or_lost`,
    now: (identities) => streaksOf(lookUpDays(identities)),
    all: (groups) =>
      streaksOf(
        lookUpDays(`(
          select uid, year from baked.poster_stats join ${groups} using (year)
          where bid = 0 and year > 0 ${fence("the year 0, of all years, has no dates")}
        )`),
      ),
  }),
});
