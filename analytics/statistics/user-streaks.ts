import * as baked from "@potstats/db/baked";
import { userDates } from "../intermediates/user-dates.ts";
import { same, statistic } from "../statistic.ts";

/** Weeks since Monday, the first day of the year 1. */
const weekOf = (day: string) => `(${day} - date '0001-01-01') / 7`;

/** The active days of a user, ascending, each with the one before. After them, a row without a day. */
const activeDays = "unnest(days, array_prepend(null::date, days)) with ordinality as active (day, previous, at)";
const lastDay = "days[cardinality(days)]";

/** Whether the value is larger than all before it. */
const isRecord = (value: string) => `${value} > coalesce(max(${value}) over earlier, 0)`;
const listed = (value: string, isListed: string) =>
  `coalesce(array_agg(${value} order by at) filter (where ${isListed}), '{}')`;

/** A streak begins on a day whose previous active day is not the day before. */
const streaks = `
  select max(days_in_row) as longest_days, max(day) filter (where is_record) as longest_from,
         max(day) as running_from, max(pause) as pause_days, max(day) filter (where is_record_pause) as last_comeback,
         ${listed("days_in_row", "is_record")} as streak_days, ${listed("day", "is_record")} as streak_froms,
         ${listed("pause", "is_record_pause")} as pauses_days, ${listed("day", "is_record_pause")} as comebacks
  from (
    select *, ${isRecord("days_in_row")} as is_record, ${isRecord("pause")} as is_record_pause
    from (
      select at, day, day - previous - 1 as pause,
             coalesce(lead(at) over (order by at), cardinality(days) + 1) - at as days_in_row
      from ${activeDays} where previous is null or day - previous > 1
    ) streak
    window earlier as (order by at rows between unbounded preceding and 1 preceding)
  ) with_records`;

/** A series of weeks begins with a day before which a whole week is missing. */
const weeks = `
  select max(weeks) as weeks, date '0001-01-01' + 7 * (array_agg(week order by weeks desc, week))[1] as weeks_from
  from (
    select week, coalesce(lead(previous) over (order by at), ${weekOf(lastDay)}) - week + 1 as weeks
    from (
      select at, ${weekOf("day")} as week, ${weekOf("previous")} as previous from ${activeDays} where day is not null
    ) of_day
    where previous is null or week - previous > 1
  ) series`;

/** Streaks, pauses and weeks of each user. */
export const userStreaks = statistic(baked.userStreaks, {
  needs: { userDates },
  columns: {
    ...same("uid", "first_day", "last_day", "longest_days", "longest_from"),
    active_days: "cardinality(days)",
    running_days: "last_day - running_from + 1",
    pause_days: "pause_days",
    pause_from: "last_comeback - pause_days",
    ...same("weeks", "weeks_from", "streak_days", "streak_froms", "pauses_days", "comebacks"),
  },
  from: (sources) => `(
    select uid, days, days[1] as first_day, ${lastDay} as last_day
    from (select uid, array_agg(day order by day) as days from ${sources.userDates} group by uid) of_user
  ) of_user
  cross join lateral (${streaks}) of_streaks
  cross join lateral (${weeks}) of_weeks`,
  maintain: {
    recompute: "uid",
    // Users who gained their first post on a day or lost their last one. Listing all boards makes it an index lookup.
    changed: (changes) => `
      select distinct uid
      from (
        select uid, day, sum(post_count) as gained
        from ${changes.userDates} group by uid, day having sum(post_count) <> 0
      ) delta
      cross join lateral (
        select coalesce(sum(post_count), 0) as post_count from baked.user_days existing
        where existing.uid = delta.uid and existing.day = delta.day
          and existing.bid = any((select array_agg(bid) from public.boards)::int[])
      ) now
      where post_count in (0, gained)`,
  },
  startEarly: true,
});
