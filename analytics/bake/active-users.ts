/**
 * Distinct users, the one number that does not add up. A full run counts them where it sums up per user. An incremental
 * run counts who comes and who goes: users of whom the first post falls into a group, or the last one leaves it.
 */
import { rollups } from "./facts.ts";
import { ofHours } from "./user-hours.ts";

/** Whether a statement counts them, as a full run does, or leaves them at 0 for an incremental one to count below. */
export type ActiveUsers = "count" | "leave";

export const summed = (sums: string[]) => sums.map((name) => `sum(${name})::bigint as ${name}`).join(", ");

/**
 * Rows `of_board`: sums and distinct users of the finest selections.
 * @param base each user once per `key`
 */
export const ofBoard = (key: string, sums: string[], base: string) => `
  of_board as materialized (select ${key}, ${summed(sums)}, count(*) as active_users from ${base} group by ${key})`;

/**
 * The same of wider selections: the sums are those of `of_board` summed up, which are few, the users are counted anew.
 * @param users each user once per `key`
 */
export const wider = (key: string, sums: string[], users: string) => `
  (select ${key}, ${summed(sums)} from of_board group by ${key}) s
  join (select ${key}, count(*) as active_users from ${users} of_user group by ${key}) u using (${key})`;

/** Units of the week in which the same user posted in former rows of the same `group`. */
const former = (group: string, order: string) => `
  bit_or(bits) over (partition by ${group} order by ${order} rows between unbounded preceding and 1 preceding)`;

/** In how many rows the user is new to the unit. */
const newcomers = (known: string) => `count(*) filter (where ${known} is null or get_bit(${known}, unit) = 0)::int`;

/**
 * Distinct users per year × board × unit of the week, for all selections of year and board. A user counts once in each
 * selection, at the first row of user_hours that has the unit: so every selection is a sum of the finest ones, which are few.
 * @param count how many units a week has
 * @param unit which of them an `hour` lies in, from 0
 * @param units an array of all that a row may have
 * @param value an array that goes with `units`, summed up as `value`
 */
export const usersOfWeek = (count: number, unit: string, units: string, value = "null::int[]") => `
  with of_user as (
    select *, ${former("uid, year", "bid")} as in_year, ${former("uid, bid", "year")} as in_board, ${former("uid", "year, bid")} as ever
    from (
      select *, (select bit_or(set_bit(repeat('0', ${count})::bit(${count}), ${unit}, 1)) from unnest(hours) as hour) as bits
      from baked_next.user_hours
      -- The offset keeps PostgreSQL from computing them once for each of their uses.
      offset 0
    ) with_bits
  ),
  of_board as (
    select year, bid, unit, sum(value)::int as value, count(*)::int as in_both,
           ${newcomers("in_year")} as in_year, ${newcomers("in_board")} as in_board, ${newcomers("ever")} as ever
    from (select *, unnest(${units}) as unit, unnest(${value}) as value from of_user) of_unit
    where get_bit(bits, unit) > 0
    group by year, bid, unit
  )
  select coalesce(year, 0) as year, coalesce(bid, 0) as bid, unit, sum(value) as value,
         case grouping(year, bid) when 0 then sum(in_both) when 1 then sum(in_year) when 2 then sum(in_board) else sum(ever) end as active_users
  from of_board group by ${rollups("unit")}`;

/** Every board: who is asked for in each of them is looked up there, as in one. */
const allBoards = "(select array_agg(bid) from public.boards)";
const inSelection = "(k.year = 0 or known.year = k.year) and (k.bid = 0 or known.bid = k.bid)";

/**
 * Users whose first posts fall into a group: to be executed before `baked.user_days` and `user_hours` know of them. And, when
 * those two know what has changed, users whose last posts have left it.
 */
const comeOrGo = (which: { posts: ">" | "<"; sign: 1 | -1 }) => [
  `insert into baked_next.daily_stats (day, bid, post_count, edit_count, posts_length, threads_created, active_users)
  select day, bid, 0, 0, 0, 0, ${which.sign} * count(*)
  from (
    select day, coalesce(bid, 0) as bid, uid from baked_next.user_days
    group by grouping sets ((day, bid, uid), (day, uid)) having sum(post_count) ${which.posts} 0
  ) k
  where not exists (
    select from baked.user_days known
    where known.uid = k.uid and known.day = k.day and known.bid = any(case k.bid when 0 then ${allBoards} else array[k.bid] end)
  )
  group by day, bid`,

  `insert into baked_next.weekday_stats
    (year, bid, weekday, post_count, edit_count, posts_length, threads_created, active_users)
  select year, bid, weekday, 0, 0, 0, 0, ${which.sign} * count(*)
  from (
    select coalesce(year, 0) as year, coalesce(bid, 0) as bid, weekday, uid
    from (select *, hour / 24 + 1 as weekday from ${ofHours} change) of_weekdays
    group by ${rollups("weekday, uid")} having sum(post_count) ${which.posts} 0
  ) k
  where not exists (
    select from baked.user_hours known, unnest(known.hours) as hour
    where known.uid = k.uid and ${inSelection} and hour / 24 + 1 = k.weekday
  )
  group by year, bid, weekday`,

  `insert into baked_next.hourly_stats (year, bid, weekday, hour, post_count, active_users)
  select year, bid, hour / 24 + 1, hour % 24, 0, ${which.sign} * count(*)
  from (
    select coalesce(year, 0) as year, coalesce(bid, 0) as bid, hour, uid from ${ofHours} change
    group by ${rollups("hour, uid")} having sum(post_count) ${which.posts} 0
  ) k
  where not exists (
    select from baked.user_hours known where known.uid = k.uid and ${inSelection} and k.hour = any(known.hours)
  )
  group by year, bid, hour`,
];
export const usersCome = comeOrGo({ posts: ">", sign: 1 });
export const usersGo = comeOrGo({ posts: "<", sign: -1 });

/** The same for years and boards: there `poster_stats` has a row per user, compared before the changes are added to it. */
export const usersOfYears = `
  insert into baked_next.yearly_stats (year, bid, post_count, edit_count, posts_length, threads_created, active_users)
  select year, bid, 0, 0, 0, 0, sum((coalesce(known.post_count, 0) + change.post_count > 0)::int - (known.post_count is not null)::int)
  from baked_next.poster_stats change
  left join baked.poster_stats known using (year, bid, uid)
  group by year, bid`;
