import type { userDays } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { boardsOfUser, daysOf, type Sql } from "./selection.ts";
import type { UserSelection } from "./user-stats.ts";

/**
 * Days on which a user posted, ascending. If all boards are selected, the user's boards are looked up first, so that
 * the primary key (uid, bid, day) can be used. Raw SQL for `any(array(…))`.
 */
export async function findUserDailyStats(sql: Sql, selection: UserSelection) {
  const { firstDay, endDay } = daysOf(selection.year);
  const rows = await sql<Row<typeof userDays, "day" | "post_count">[]>`
    select day, sum(post_count)::int as post_count
    from baked.user_days
    where uid = ${selection.uid} and bid = ${boardsOfUser(sql, selection)} and day >= ${firstDay}::date and day < ${endDay}::date
    group by day order by day`;
  return [...rows];
}
