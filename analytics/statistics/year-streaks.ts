import * as baked from "@potstats/db/baked";
import { mergeBests } from "../bests.ts";
import { fence, yearOf } from "../inputs/sql.ts";
import { same, statistic } from "../statistic.ts";
import { userDays } from "./user-days.ts";

/** All streaks of each user within each year: its days have the same distance from their places in the order. */
const streaksOf = (days: string) => `
  select year, count(*)::int as days, min(day) as from_day, uid
  from (
    select uid, year, day, day - (row_number() over (partition by uid, year order by day))::int as island
    from (select uid, ${yearOf("day")} as year, day from ${days} group by uid, day) of_day
  ) of_day
  group by uid, year, island`;

/** The days of users in some years. Listing all boards makes it an index lookup. */
const daysOf = (usersAndYears: string) => `(
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
  needs: { userDays },
  columns: same("year", "days", "from_day", "uid"),
  from: (sources) => `(
    select distinct on (year) * from (${streaksOf(sources.userDays)}) streak order by year, days desc, from_day, uid
  ) best`,
  maintain: mergeBests({
    value: "days",
    ties: ["from_day", "uid"],
    identity: ["uid", "year"],
    changed: `
      select distinct uid, ${yearOf("day")} as year
      from (select uid, day from ${userDays.changes} group by uid, day having sum(post_count) <> 0) gained_or_lost`,
    now: (identities) => streaksOf(daysOf(identities)),
    all: (groups) =>
      streaksOf(
        daysOf(`(
        select uid, year from baked.poster_stats join ${groups} using (year) where bid = 0
      )`),
      ),
  }),
});
