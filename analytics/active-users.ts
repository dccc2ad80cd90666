/**
 * Distinct users, a number that does not add up. A full run counts them where it sums up per user. An incremental run
 * counts who comes and who goes: users whose first post enters a group, and users whose last post leaves it.
 */
import { columnsOf, fill, merge } from "./maintain.ts";
import { fence, selectedColumns, selections } from "./inputs/sql.ts";
import { type Declared, resolve, type Steps } from "./statistic.ts";

interface Following {
  /** What follows `from` in the query for what changed posts add to the other columns. */
  changes: string;
  /** A query for rows (…key, uid, post_count): how many posts each user gains or loses in each group. */
  users: string;
  /** A subquery that has rows if `baked` knows posts of the user of such a row, `change`, in its group. */
  present: string;
}

/** Adds up all columns but `active_users`, which rises by the users who come and falls by those who go. */
export const addWithUsers =
  ({ changes, users, present }: Following) =>
  ({ table, columns }: Declared): Steps => {
    const withoutUsers = resolve({ ...columns, active_users: "0" });
    const { name, keys, values } = columnsOf(table);
    const others = values.filter((column) => column !== "active_users");
    const count = (which: "come" | "go") => `
      insert into baked_next.${name} (${[...keys, "active_users", ...others].join(", ")})
      select ${[...keys, which === "come" ? "count(*)" : "-count(*)", ...others.map(() => 0)].join(", ")}
      from (${users}) change
      where post_count ${which === "come" ? ">" : "<"} 0 and not exists (${present})
      group by ${keys.join(", ")}`;
    return {
      changes: [...fill(table, { columns: withoutUsers, from: changes }), count("come")],
      prepare: [count("go")],
      apply: merge(table, columns),
    };
  };

/** Whether a row `known` is of the user and in the selection of `change`. */
export const inSelection = `known.uid = change.uid
  and (change.year = 0 or known.year = change.year) and (change.bid = 0 or known.bid = change.bid)`;

/** The units of the week in which earlier rows of the group have posts of the user. */
const earlier = (group: string, order: string) =>
  `bit_or(bits) over (partition by ${group} order by ${order} rows between unbounded preceding and 1 preceding)`;

/** In how many rows the unit is new for the user. */
const newcomers = (known: string) => `count(*) filter (where ${known} is null or get_bit(${known}, unit) = 0)::int`;

/**
 * Rows (year, bid, unit, value, active_users): distinct users per unit of the week in all selections of year and board.
 * A user counts once per selection, at the first row of `user_hours` that has the unit. So each selection is a sum over
 * those of one year and one board, of which there are few.
 * @param unitCount how many units a week has
 * @param unit the unit of an `hour`, from 0
 * @param units an array of the units that a row may have
 * @param value an array of the same length, to be summed up per unit
 */
export const usersOfWeek = (
  userHours: string,
  { unitCount, unit, units, value }: { unitCount: number; unit: string; units: string; value: string },
) => `
  with of_user as (
    select *, ${earlier("uid, year", "bid")} as in_year, ${earlier("uid, bid", "year")} as in_board,
           ${earlier("uid", "year, bid")} as ever
    from (
      select *, (
        select bit_or(set_bit(repeat('0', ${unitCount})::bit(${unitCount}), ${unit}, 1)) from unnest(hours) as hour
      ) as bits
      from ${userHours}
      ${fence("bits are computed once per row, not once per use")}
    ) with_bits
  ),
  of_board as (
    select year, bid, unit, sum(value)::int as value, count(*)::int as in_both,
           ${newcomers("in_year")} as in_year, ${newcomers("in_board")} as in_board, ${newcomers("ever")} as ever
    from (select *, unnest(${units}) as unit, unnest(${value}) as value from of_user) of_unit
    where get_bit(bits, unit) > 0
    group by year, bid, unit
  )
  select ${selectedColumns}, unit, sum(value) as value,
         case grouping(year, bid)
           when 0 then sum(in_both) when 1 then sum(in_year) when 2 then sum(in_board) else sum(ever)
         end as active_users
  from of_board group by ${selections("unit")}`;
