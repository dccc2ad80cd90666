import * as baked from "@potstats/db/baked";
import { allItems, historyOf, type Only, mergeRecords, periods } from "../records.ts";
import { same, statistic } from "../statistic.ts";
import { dailyStats } from "./daily-stats.ts";

/** All days, weeks, months and years with their posts, and all days with their users. Days are stored in order. */
const itemsOf = (days: string, only: Only = allItems) =>
  [
    ...periods.map(
      ({ unit, beginning }) => `
      select 'busiest_${unit}' as record, bid, ${unit === "day" ? "post_count" : "sum(post_count)"}::bigint as value,
             ${beginning("day")} as day
      from ${days} where ${only(`busiest_${unit}`, "bid")} ${unit === "day" ? "" : `group by bid, ${beginning("day")}`}`,
    ),
    `select 'most_people' as record, bid, active_users::bigint as value, day from ${days} where ${only("most_people", "bid")}`,
  ]
    .map((items) => `select record, bid, value, day from (${historyOf(items, "day")}) history`)
    .join(" union all ");

/** The busiest days, weeks, months and years, and the days with the most users, per board and over all boards. */
export const dayRecords = statistic(baked.dayRecords, {
  needs: { dailyStats },
  columns: same("record", "bid", "value", "day"),
  from: (sources) => `(${itemsOf(sources.dailyStats)}) history`,
  maintain: mergeRecords({
    moment: "day",
    identity: ["record", "bid", "day"],
    changed: `
      with days as (
        select bid, day from ${dailyStats.changes} group by bid, day having sum(post_count) <> 0 or sum(active_users) <> 0
      )
      ${[...periods.map(({ unit }) => `busiest_${unit}`), "most_people"]
        .map((record, at) => {
          const from = periods[at]?.beginning("day") ?? "day";
          return `select distinct '${record}' as record, bid, ${from} as day from days`;
        })
        .join(" union all ")}`,
    now: [
      ...periods.map(
        ({ unit, end }) => `
        select record, bid, value, day
        from baked_next.changed_day_records changed
        cross join lateral (
          select sum(post_count)::bigint as value from baked.daily_stats existing
          where existing.bid = changed.bid and existing.day >= changed.day and existing.day < ${end("changed.day")}
        ) now
        where record = 'busiest_${unit}' and value > 0`,
      ),
      `select record, bid, active_users::bigint as value, day
      from baked_next.changed_day_records join baked.daily_stats using (bid, day) where record = 'most_people'`,
    ].join(" union all "),
    all: (only) => itemsOf("baked.daily_stats", only),
  }),
});
