/**
 * Distinct users, which do not add up. A full run counts them from rows per user. An incremental run adds arrivals,
 * users whose first post enters a group, and subtracts departures, users whose last post leaves it.
 */
import { columnsOf, createNext, merge } from "./maintain.ts";
import { selectedColumns, selections } from "./inputs/sql.ts";
import { type Declared, resolve } from "./statistic.ts";
import type { Steps } from "./steps.ts";

interface UserQueries {
  /** What follows `from` in the query for the changes of the other columns. */
  changes: string;
  /** A query for rows (…key, uid, post_count): how many posts each user gains or loses in each group. */
  users: string;
  /** A subquery that returns a row if the user of such a row, `delta`, has posts of its group in `baked`. */
  hasPosts: string;
}

/** Adds up all columns except `active_users`, to which it adds arrivals and from which it subtracts departures. */
export const addWithUsers =
  ({ changes, users, hasPosts }: UserQueries) =>
  ({ table, columns }: Declared): Steps => {
    const withoutUsers = resolve({ ...columns, active_users: "0" });
    const { name, keys, values } = columnsOf(table);
    const others = values.filter((column) => column !== "active_users");
    const count = (which: "arrivals" | "departures") => `
      insert into baked_next.${name} (${[...keys, "active_users", ...others].join(", ")})
      select ${[...keys, which === "arrivals" ? "count(*)" : "-count(*)", ...others.map(() => 0)].join(", ")}
      from (${users}) delta
      where post_count ${which === "arrivals" ? ">" : "<"} 0 and not exists (${hasPosts})
      group by ${keys.join(", ")}`;
    return {
      // Computed before any statistic is updated: users who have no posts in the group yet arrive.
      changes: [...createNext(table, { columns: withoutUsers, from: changes }), count("arrivals")],
      // Computed after the sources are updated: users who have no posts left in the group depart.
      prepare: [count("departures")],
      apply: merge(table, columns),
    };
  };

/** Whether a row `existing` of `user_hours` has the user of `delta` and is within its years. */
export const inYears = "existing.uid = delta.uid and (delta.year = 0 or existing.year = delta.year)";

/** The hours of such a row within the boards of `delta`. The row's boards are in order. */
export const hoursInBoards = `case delta.bid when 0 then existing.hours else existing.hours[
  array_position(existing.bids, delta.bid) : width_bucket(delta.bid, existing.bids)
] end`;

/** The units of the week in which the user has posts in earlier rows of the group. NULL in its first row. */
const earlier = (group: string, order: string) =>
  `bit_or(bits) over (partition by ${group} order by ${order} rows between unbounded preceding and 1 preceding)`;

/** The number of rows whose user has the unit for the first time. */
const firsts = (before: string) => `count(*) filter (where ${before} is null or get_bit(${before}, unit) = 0)::int`;

/**
 * Rows (year, bid, unit, value, active_users): distinct users per unit of the week in all selections of year and board.
 *
 * The trick is to count each user of a selection once, at the user's first row of `user_board_hours` that has the unit. "Is
 * it the first?" is answered per row, so the answers, counted per year and board, add up to every selection. Example:
 * all rows that have Monday, and where they are the user's first
 *
 *     uid  year  bid | per year and board | per year, all boards | per board, all years | all years and boards
 *      11  2011    1 |          1         |          1           |          1           |          1
 *      11  2011    2 |          1         |          0           |          1           |          0
 *      11  2012    1 |          1         |          1           |          0           |          0
 *      12  2012    2 |          1         |          1           |          1           |          1
 *
 * so 2012 has 1 + 1 active users over all boards, board 1 has 1 + 0 over all years, and the forum has 1 + 0 + 0 + 1.
 * To find the first row for all units at once, each row has its units as a bit string, and a window function combines
 * the bits of the rows before it.
 * @param bits the column with this bit string
 * @param units an array of the units that a row may have
 * @param value an array of the same length, to be summed up per unit
 */
export const distinctUsersPerWeekUnit = (
  userBoardHours: string,
  { bits, units, value }: { bits: string; units: string; value: string },
) => `
  with of_user as (
    select year, bid, bits, units, value, ${earlier("uid, year", "bid")} as in_year,
           ${earlier("uid, bid", "year")} as in_board, ${earlier("uid", "year, bid")} as ever
    from (select uid, year, bid, ${bits} as bits, ${units} as units, ${value} as value from ${userBoardHours}) of_group
  ),
  of_board as (
    select year, bid, unit, sum(value)::int as value, count(*)::int as in_both,
           ${firsts("in_year")} as in_year, ${firsts("in_board")} as in_board, ${firsts("ever")} as ever
    from (
      select year, bid, bits, in_year, in_board, ever, unnest(units) as unit, unnest(value) as value from of_user
    ) of_unit
    where get_bit(bits, unit) > 0
    group by year, bid, unit
  )
  select ${selectedColumns}, unit, sum(value) as value,
         case grouping(year, bid)
           when 0 then sum(in_both) when 1 then sum(in_year) when 2 then sum(in_board) else sum(ever)
         end as active_users
  from of_board group by ${selections("unit")}`;
