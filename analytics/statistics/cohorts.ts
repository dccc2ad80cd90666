import * as baked from "@potstats/db/baked";
import { createNext, merge } from "../maintain.ts";
import { type Declared, resolve, same, statistic } from "../statistic.ts";
import type { Steps } from "../steps.ts";
import { posterStats } from "./poster-stats.ts";

/** Rows (bid, uid, year, post_count) with the user's first year in the board. */
const withCohort = (posters: string) => `(
  select s.bid, cohort, s.year, s.post_count
  from ${posters} s
  join (select bid, uid, min(year) as cohort from ${posters} s where year > 0 group by bid, uid) first using (bid, uid)
  where s.year > 0
) of_user`;

/** Per board, and over all boards: users by the year of their first post there × year. */
export const cohorts = statistic(baked.cohorts, {
  needs: { posterStats },
  columns: { ...same("bid", "cohort", "year"), active_users: "count(*)", post_count: "sum(post_count)" },
  from: (sources) => `${withCohort(sources.posterStats)} group by bid, cohort, year`,
  maintain: moveUsers,
});

/** A new first post moves all years of its user to another cohort: subtracts the changed users, then adds them again. */
function moveUsers({ table, columns }: Declared): Steps {
  const changed = "baked_next.changed_cohorts";
  const ofUsers = `(select s.* from ${changed} join baked.poster_stats s using (bid, uid))`;
  const from = `${withCohort(ofUsers)} group by bid, cohort, year`;
  const { bid, cohort, year, active_users, post_count } = resolve(columns);
  const subtracted = { bid, cohort, year, active_users: `-${active_users}`, post_count: `-${post_count}` };
  return {
    changes: [
      `create table ${changed} as select distinct bid, uid from ${posterStats.changes} where post_count <> 0`,
      `analyze ${changed}`,
      ...createNext(table, { columns: subtracted as Record<string, string>, from }),
    ],
    prepare: [
      `insert into baked_next.cohorts (bid, cohort, year, active_users, post_count)
      select bid, cohort, year, ${active_users}, ${post_count} from ${from}`,
    ],
    apply: merge(table, columns),
  };
}
