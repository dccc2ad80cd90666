import * as baked from "@potstats/db/baked";
import { userDates } from "../intermediates/user-dates.ts";
import { same, statistic } from "../statistic.ts";

/** Weeks since Monday, the first day of the year 1. */
const weekOf = (day: string) => `(${day} - date '0001-01-01') / 7`;

/** Whether the value is larger than all before it. */
const isRecord = (value: string) => `
  ${value} > coalesce(
    max(${value}) over (partition by uid order by from_day rows between unbounded preceding and 1 preceding), 0
  )`;
const listed = (value: string, isListed: string) =>
  `coalesce(array_agg(${value} order by from_day) filter (where ${isListed}), '{}')`;

/**
 * Streaks, pauses and weeks of each user. A streak begins on a day whose previous active day is not the day before; a
 * series of weeks begins with a streak before which a whole week is missing.
 */
export const userStreaks = statistic(baked.userStreaks, {
  needs: { userDates },
  columns: {
    ...same("uid", "active_days", "first_day", "last_day", "longest_days", "longest_from"),
    running_days: "last_day - running_from + 1",
    pause_days: "pause_days",
    pause_from: "last_comeback - pause_days",
    ...same("weeks", "weeks_from", "streak_days", "streak_froms", "pauses_days", "comebacks"),
  },
  from: (sources) => `(
    with beginnings as materialized (
      select uid, day as from_day, previous, last_day
      from (
        select uid, day, lag(day) over (partition by uid order by day) as previous,
               max(day) over (partition by uid) as last_day
        from ${sources.userDates}
      ) of_day
      where previous is null or day - previous > 1
    ),
    streaks as (
      select *, ${isRecord("days")} as is_record, ${isRecord("pause")} as is_record_pause
      from (
        select uid, from_day, last_day, from_day - previous - 1 as pause,
               coalesce(lead(previous) over (partition by uid order by from_day), last_day) - from_day + 1 as days
        from beginnings
      ) streak
    ),
    weeks as (
      select uid, max(weeks) as weeks, (array_agg(monday order by weeks desc, monday))[1] as weeks_from
      from (
        select uid, date '0001-01-01' + 7 * week as monday,
               coalesce(${weekOf("lead(previous) over (partition by uid order by from_day)")}, ${weekOf("last_day")})
                 - week + 1 as weeks
        from (select *, ${weekOf("from_day")} as week from beginnings) of_week
        where previous is null or week - ${weekOf("previous")} > 1
      ) series
      group by uid
    )
    select uid, weeks, weeks_from, sum(days) as active_days, min(from_day) as first_day, max(last_day) as last_day,
           max(days) as longest_days, max(from_day) filter (where is_record) as longest_from,
           max(from_day) as running_from, max(pause) as pause_days,
           max(from_day) filter (where is_record_pause) as last_comeback,
           ${listed("days", "is_record")} as streak_days, ${listed("from_day", "is_record")} as streak_froms,
           ${listed("pause", "is_record_pause")} as pauses_days, ${listed("from_day", "is_record_pause")} as comebacks
    from streaks join weeks using (uid)
    group by uid, weeks, weeks_from
  ) of_user`,
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
