import * as baked from "@potstats/db/baked";
import { allItems, historyOf, type Only, mergeRecords, packed, packedId, packedValue, periods } from "../records.ts";
import { same, statistic } from "../statistic.ts";
import { posterStats } from "./poster-stats.ts";
import { userDays } from "./user-days.ts";

const units = periods.filter(({ unit }) => unit !== "year");

/**
 * Of each day, week, month and year, per board and over all boards, the user with the most posts, and of each day the
 * one with the most boards. Of equal users that with the lowest id; no other can break a record.
 */
const itemsOf = (userDaysTable: string, posters: string, only: Only = allItems) => {
  const best = (record: string, bid: "bid" | "0", day: string, value: string, from: string) => `
    select '${record}' as record, ${bid} as bid, ${day} as day, max(${packed(value, "uid")}) as best
    from ${from} group by ${bid === "0" ? "" : "bid, "}${day}`;
  const needed = (record: string, bid: "bid" | "0") =>
    `${bid === "0" ? "of_user" : userDaysTable} where ${only(record, bid)}`;
  const inPeriod = (record: string, bid: "bid" | "0", period: string) => {
    const key = bid === "0" ? "uid" : "uid, bid";
    return `(
      select ${key}, ${period} as period, sum(post_count) as post_count
      from ${needed(record, bid)} group by ${key}, ${period}
    ) of_period`;
  };
  const ofUnit = ({ unit, beginning }: (typeof units)[number], bid: "bid" | "0") =>
    unit === "day"
      ? best("user_day", bid, "day", "post_count", needed("user_day", bid))
      : best(`user_${unit}`, bid, "period", "post_count", inPeriod(`user_${unit}`, bid, beginning("day")));
  return `
    with of_user as materialized (
      select uid, day, sum(post_count) as post_count, count(*) as boards from ${userDaysTable} group by uid, day
    )
    select record, bid, ${packedValue("best")} as value, day, ${packedId("best")}::int as uid
    from (
      ${[
        ...units.flatMap((unit) => [ofUnit(unit, "bid"), ofUnit(unit, "0")]),
        `select 'user_year', bid, make_date(year, 1, 1), max(${packed("post_count", "uid")})
        from ${posters} where year > 0 and ${only("user_year", "bid")} group by bid, year`,
        best("most_boards", "0", "day", "boards", needed("most_boards", "0")),
      ].join(" union all ")}
    ) of_period`;
};

/** SQL for the posts of a changed user in a period that begins on the changed day. */
const postsIn = (end: (from: string) => string) => `
  select sum(post_count)::bigint as value from baked.user_days existing
  where existing.uid = changed.uid and existing.day >= changed.day and existing.day < ${end("changed.day")}
    and existing.bid = any(
      case changed.bid when 0 then (select array_agg(bid) from public.boards) else array[changed.bid] end
    )`;

/** Users with the most posts in a day, week, month or year, and in the most boards on a day. */
export const userRecords = statistic(baked.userRecords, {
  needs: { userDays, posterStats },
  columns: same("record", "bid", "value", "day", "uid"),
  from: (sources) => `(${historyOf(itemsOf(sources.userDays, sources.posterStats), "day", "uid")}) history`,
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
    all: (only) => itemsOf("baked.user_days", "baked.poster_stats", only),
  }),
  startEarly: true,
});
