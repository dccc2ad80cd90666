import * as baked from "@potstats/db/baked";
import { sorted } from "../inputs/sql.ts";
import { rowsPerHour, userBoardHours } from "../intermediates/user-board-hours.ts";
import { createNext, replaceGroups } from "../maintain.ts";
import type { Source } from "../source.ts";
import { type Declared, resolve, same, statistic } from "../statistic.ts";
import type { Steps } from "../steps.ts";

/** Rows of `user_hours` from rows (uid, year, bid, hour, post_count). */
const arraysOf = (hours: string) => `${sorted(hours, "uid, year, bid, hour")} of_hour group by uid, year`;

/** In which hours of the week each user posts, per year. */
export const userHours = statistic(baked.userHours, {
  needs: { userBoardHours },
  columns: {
    ...same("uid", "year"),
    bids: "array_agg(bid)",
    hours: "array_agg(hour)",
    post_counts: "array_agg(post_count)",
  },
  from: (sources) => arraysOf(`select * from ${rowsPerHour(sources.userBoardHours)} of_board`),
  maintain: addArrays,
});

/** For statistics of all users, which an incremental run updates after those of each user. */
export const hoursOfUsers: Source = { ...userBoardHours, needs: [userHours] };

/** Adds the arrays of changed users and years hour by hour. */
function addArrays({ table, columns }: Declared): Steps {
  const groups = "baked_next.changed_user_hours";
  return {
    changes: [
      `create table ${groups} as select distinct uid, year from ${userBoardHours.changes}`,
      `analyze ${groups}`,
      ...createNext(table, {
        columns: resolve(columns),
        from: arraysOf(`
          select uid, year, bid, hour, sum(post_count)::int as post_count
          from (
            select uid, year, bid, hour, post_count from ${rowsPerHour(userBoardHours.changes)} delta
            union all
            select uid, year, of_hour.*
            from baked.user_hours join ${groups} using (uid, year),
                 unnest(bids, hours, post_counts) as of_hour (bid, hour, post_count)
          ) existing_and_delta
          group by uid, year, bid, hour having sum(post_count) <> 0`),
      }),
    ],
    prepare: [],
    apply: replaceGroups(table, ["uid", "year"]),
  };
}
