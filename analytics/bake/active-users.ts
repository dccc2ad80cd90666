/**
 * Distinct users, the one number that does not add up. A full run counts them where it sums up per user. An incremental
 * run counts who comes and who goes: users of whom the first post falls into a group, or the last one leaves it.
 */
import { rollups } from "./facts.ts";

/** Whether a statement counts them, as a full run does, or leaves them at 0 for an incremental one to count below. */
export type ActiveUsers = "count" | "leave";

/** Sums with the distinct users of each group. `sums` and `users` are queries with the columns of `key`. */
export const withUsers = (how: ActiveUsers, key: string, sums: string, users: string) =>
  how === "count"
    ? `select s.*, u.active_users from (${sums}) s join (${users}) u using (${key})`
    : `select s.*, 0 from (${sums}) s`;

/**
 * Distinct users per year × board × a further column.
 * @param base with the columns year, bid, the further one and uid, each combination once
 */
export const usersOfSelections = (column: string, base: string) => `
  select year, bid, ${column}, count(*) as active_users
  from (
    select year, bid, ${column} from ${base}
    union all
    select coalesce(year, 0), coalesce(bid, 0), ${column} from ${base}
    group by grouping sets ((year, ${column}, uid), (bid, ${column}, uid), (${column}, uid))
  ) of_user
  group by year, bid, ${column}`;

const inBoard = "(k.bid = 0 or rest.bid = k.bid)";
const inYear = `
  rest.day >= case k.year when 0 then '-infinity' else make_date(k.year, 1, 1) end
  and rest.day <= case k.year when 0 then 'infinity' else make_date(k.year, 12, 31) end`;

/** To be executed while `baked.post_facts` lacks the posts that changed: those that are left decide. */
export const usersComeAndGone = [
  `insert into baked_next.daily_stats (day, bid, post_count, edit_count, posts_length, threads_created, active_users)
  select day, bid, 0, 0, 0, 0, sum(sign)
  from (
    select day, weekday, coalesce(bid, 0) as bid, uid, min(sign) as sign
    from baked_next.facts
    group by grouping sets ((day, weekday, bid, uid), (day, weekday, uid))
    having min(sign) = max(sign)
  ) k
  where not exists (
    select from baked.post_facts rest
    where rest.uid = k.uid and rest.weekday = k.weekday and rest.day = k.day and ${inBoard}
  )
  group by day, bid`,

  `insert into baked_next.weekday_stats
    (year, bid, weekday, post_count, edit_count, posts_length, threads_created, active_users)
  select year, bid, weekday, 0, 0, 0, 0, sum(sign)
  from (
    select coalesce(year, 0) as year, coalesce(bid, 0) as bid, weekday, uid, min(sign) as sign
    from baked_next.facts
    group by ${rollups("weekday, uid")}
    having min(sign) = max(sign)
  ) k
  where not exists (
    select from baked.post_facts rest
    where rest.uid = k.uid and rest.weekday = k.weekday and ${inBoard} and ${inYear}
  )
  group by year, bid, weekday`,

  `insert into baked_next.hourly_stats (year, bid, weekday, hour, post_count, active_users)
  select year, bid, weekday, hour, 0, sum(sign)
  from (
    select coalesce(year, 0) as year, coalesce(bid, 0) as bid, weekday, hour, uid, min(sign) as sign
    from baked_next.facts
    group by ${rollups("weekday, hour, uid")}
    having min(sign) = max(sign)
  ) k
  where not exists (
    select from baked.post_facts rest
    where rest.uid = k.uid and rest.weekday = k.weekday and rest.hour = k.hour and ${inBoard} and ${inYear}
  )
  group by year, bid, weekday, hour`,
];

/** The same for years and boards: there `poster_stats` has a row per user, compared before the changes are added to it. */
export const usersOfYears = `
  insert into baked_next.yearly_stats (year, bid, post_count, edit_count, posts_length, threads_created, active_users)
  select year, bid, 0, 0, 0, 0, sum((coalesce(known.post_count, 0) + change.post_count > 0)::int - (known.post_count is not null)::int)
  from baked_next.poster_stats change
  left join baked.poster_stats known using (year, bid, uid)
  group by year, bid`;
