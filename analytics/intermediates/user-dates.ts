import { userDays } from "../statistics/user-days.ts";
import { createUnlogged, type Intermediate } from "./intermediate.ts";

/** The query, over rows of `user_days`. */
export const datesOf = (days: string) => `
  select uid, day, sum(post_count)::int as post_count, count(*)::int as boards from ${days} group by uid, day`;

/** On which days each user posted: how often, and in how many boards. */
export const userDates: Intermediate = {
  name: "user_dates",
  needs: [userDays],
  full: createUnlogged("user_dates", "uid, day", datesOf("baked_next.user_days")),
  incremental: [],
  changes: userDays.changes,
  lookUp: (by, groups) => datesOf(`(${userDays.lookUp(by, groups)}) of_board`),
};
