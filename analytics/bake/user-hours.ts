/**
 * In which hours of the week (0 Monday midnight … 167) each user posts, per year and board: two arrays of the same length,
 * since a row for each of 168 hours would make this the largest table of all.
 */

/** Hours in which something is left of what is taken off and added. */
export const userHours = `
  select uid, year, bid, array_agg(hour order by hour), array_agg(post_count order by hour)
  from (
    select uid, year, bid, hour, sum(sign)::int as post_count
    from baked_next.facts
    group by 1, 2, 3, 4 having sum(sign) <> 0 order by 1, 2, 3, 4
  ) of_hours
  group by uid, year, bid`;

/** A row for each of these hours. */
export const ofHours = `(
  select uid, year, bid, unnest(hours) as hour, unnest(post_counts) as post_count from baked_next.user_hours
)`;

/** Adds what changed. */
export const mergeUserHours = [
  `insert into baked.user_hours as t (uid, year, bid, hours, post_counts)
  select uid, year, bid, coalesce(array_agg(hour order by hour) filter (where post_count <> 0), '{}'),
         coalesce(array_agg(post_count order by hour) filter (where post_count <> 0), '{}')
  from (
    select uid, year, bid, hour, sum(post_count)::int as post_count
    from (
      select uid, year, bid, hour, post_count from ${ofHours} change
      union all
      select known.uid, known.year, known.bid, of_hour.hour, of_hour.post_count
      from baked.user_hours known join baked_next.user_hours using (uid, year, bid),
           unnest(known.hours, known.post_counts) as of_hour (hour, post_count)
    ) before_and_change
    group by uid, year, bid, hour
  ) now
  group by uid, year, bid
  on conflict (uid, year, bid) do update set hours = excluded.hours, post_counts = excluded.post_counts
  where (t.hours, t.post_counts) <> (excluded.hours, excluded.post_counts)`,
  `delete from baked.user_hours t using baked_next.user_hours change
  where t.uid = change.uid and t.year = change.year and t.bid = change.bid and t.hours = '{}'`,
];
