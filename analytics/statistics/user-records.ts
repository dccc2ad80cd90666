import * as baked from "@potstats/db/baked";
import { datesOf, userDates } from "../intermediates/user-dates.ts";
import { allItems, historyOf, type Only, mergeRecords, packed, packedId, packedValue, periods } from "../records.ts";
import { same, statistic } from "../statistic.ts";
import { posterStats } from "./poster-stats.ts";
import { userDays } from "./user-days.ts";

interface Sources {
  userDays: string;
  userDates: string;
  posterStats: string;
}

/** The sums of each user in each period, in a board or, if `bid` is 0, in all of them. */
const inPeriod = (bid: "bid" | "0", period: string, days: string, needed: string) => {
  const key = bid === "0" ? "uid" : "uid, bid";
  return `(
    select ${key}, ${period} as period, sum(post_count) as post_count from ${days} where ${needed} group by ${key}, ${period}
  ) of_period`;
};

/**
 * Of each day, week, month and year, per board and over all boards, the user with the most posts, and of each day the
 * one with the most boards. Of equal users that with the lowest id; no other can break a record.
 */
const itemsOf = (sources: Sources, only: Only): string[] => {
  const best = (record: string, bid: "bid" | "0", day: string, value: string, from: string) => `
    select '${record}' as record, ${bid} as bid, ${day} as day, max(${packed(value, "uid")}) as best
    from ${from} group by ${bid === "0" ? "" : "bid, "}${day}`;
  const ofDays = periods
    .filter(({ unit }) => unit !== "year")
    .flatMap(({ unit, beginning }) =>
      (["bid", "0"] as const).map((bid) => {
        const record = `user_${unit}`;
        const [days, needed] = [bid === "0" ? sources.userDates : sources.userDays, only(record, bid)];
        return unit === "day"
          ? best(record, bid, "day", "post_count", `${days} where ${needed}`)
          : best(record, bid, "period", "post_count", inPeriod(bid, beginning("day"), days, needed));
      }),
    );
  const ofYears = `
    select 'user_year' as record, bid, make_date(year, 1, 1) as day, max(${packed("post_count", "uid")}) as best
    from ${sources.posterStats} where year > 0 and ${only("user_year", "bid")} group by bid, year`;
  const boards = `${sources.userDates} where ${only("most_boards", "0")}`;
  return [...ofDays, ofYears, best("most_boards", "0", "day", "boards", boards)];
};

/** The histories, each of its own: sorting all items together would take longer. */
const allHistories = (sources: Sources, only: Only = allItems) =>
  itemsOf(sources, only)
    .map((items) => {
      const item = `
        select record, bid, ${packedValue("best")} as value, day, ${packedId("best")}::int as uid
        from (${items}) of_period`;
      return `select record, bid, value, day, uid from (${historyOf(item, "day")}) history`;
    })
    .join(" union all ");

/** SQL for the posts of a changed user in a period that begins on the changed day. */
const postsIn = (end: (from: string) => string) => `
  select sum(post_count)::bigint as value from baked.user_days existing
  where existing.uid = changed.uid and existing.day >= changed.day and existing.day < ${end("changed.day")}
    and existing.bid = any(
      case changed.bid when 0 then (select array_agg(bid) from public.boards) else array[changed.bid] end
    )`;

/** Users with the most posts in a day, week, month or year, and in the most boards on a day. */
export const userRecords = statistic(baked.userRecords, {
  needs: { userDays, userDates, posterStats },
  columns: same("record", "bid", "value", "day", "uid"),
  from: (sources) => `(${allHistories(sources)}) history`,
  maintain: mergeRecords({
    moment: "day",
    holder: "uid",
    identity: ["record", "bid", "day", "uid"],
    changed: `
      with days as (
        select uid, coalesce(bid, 0) as bid, day from ${userDays.changes}
        group by grouping sets ((uid, bid, day), (uid, day)) having sum(post_count) <> 0
      ),
      any_board as (select uid, day from ${userDays.changes} group by uid, bid, day having sum(post_count) <> 0)
      ${periods
        .map(
          ({ unit, beginning }) =>
            `select distinct 'user_${unit}' as record, bid, ${beginning("day")} as day, uid from days`,
        )
        .join(" union all ")}
      union all select distinct 'most_boards', 0, day, uid from any_board`,
    now: [
      ...periods.map(
        ({ unit, end }) => `
        select record, bid, value, day, uid
        from baked_next.changed_user_records changed cross join lateral (${postsIn(end)}) now
        where record = 'user_${unit}' and value > 0`,
      ),
      `select record, bid, value, day, uid
      from baked_next.changed_user_records changed
      cross join lateral (
        select count(*) as value from baked.user_days existing
        where existing.uid = changed.uid and existing.day = changed.day
          and existing.bid = any((select array_agg(bid) from public.boards)::int[])
      ) now
      where record = 'most_boards' and value > 0`,
    ].join(" union all "),
    all: (only) =>
      allHistories(
        {
          userDays: "baked.user_days",
          userDates: `(${datesOf("baked.user_days")}) user_dates`,
          posterStats: "baked.poster_stats",
        },
        only,
      ),
  }),
  startEarly: true,
});
