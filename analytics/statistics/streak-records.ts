import * as baked from "@potstats/db/baked";
import { createNext, replaceAll } from "../maintain.ts";
import { historiesOf } from "../records.ts";
import { type Declared, same, statistic, type Steps } from "../statistic.ts";
import { userStreaks } from "./user-streaks.ts";

/**
 * The longest streaks and pauses of all users. Only what was the user's own record can be everybody's. A streak counts
 * from its first day, a pause on the day of the comeback.
 */
export const streakRecords = statistic(baked.streakRecords, {
  needs: { userStreaks },
  columns: same("record", "bid", "value", "day", "uid"),
  from: (sources) => {
    const items = `
      select 'longest_streak' as record, 0 as bid, uid, unnest(streak_days) as value, unnest(streak_froms) as day
      from ${sources.userStreaks}
      union all
      select 'longest_pause', 0, uid, unnest(pauses_days), unnest(comebacks) from ${sources.userStreaks}`;
    return `(${historiesOf(items, "day", "uid")}) history`;
  },
  maintain: recomputeAll,
});

/** There are few rows per user, so they are all read in every run. */
function recomputeAll({ table, query }: Declared): Steps {
  const now = query({ userStreaks: "baked.user_streaks" });
  return { changes: [], prepare: createNext(table, now), apply: replaceAll(table) };
}
