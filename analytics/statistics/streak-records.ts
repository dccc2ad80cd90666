import * as baked from "@potstats/db/baked";
import { historiesOf, mergeRecords } from "../records.ts";
import { same, statistic } from "../statistic.ts";
import { userStreaks } from "./user-streaks.ts";

/** Only what was the user's own record can be everybody's. */
const itemsOf = (users: string) => `
  select 'longest_streak' as record, 0 as bid, unnest(streak_days)::bigint as value, unnest(streak_froms) as day, uid
  from ${users}
  union all
  select 'longest_pause', 0, unnest(pauses_days)::bigint, unnest(comebacks), uid from ${users}`;

/** The longest streaks and pauses of all users. A streak counts from its first day, a pause on the day of the comeback. */
export const streakRecords = statistic(baked.streakRecords, {
  needs: { userStreaks },
  columns: same("record", "bid", "value", "day", "uid"),
  from: (sources) => `(${historiesOf(itemsOf(sources.userStreaks), "day", "uid")}) history`,
  maintain: mergeRecords({
    moment: "day",
    holder: "uid",
    identity: ["uid"],
    changed: `select uid from ${userStreaks.changes}`,
    now: itemsOf(
      "(select user_streaks.* from baked.user_streaks join baked_next.changed_streak_records using (uid)) user_streaks",
    ),
    all: () => itemsOf("baked.user_streaks"),
  }),
});
