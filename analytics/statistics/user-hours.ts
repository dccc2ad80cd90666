import * as baked from "@potstats/db/baked";
import { createNext } from "../maintain.ts";
import { countedPosts } from "../inputs/counted-posts.ts";
import { type Declared, same, statistic } from "../statistic.ts";
import type { Steps } from "../steps.ts";

/**
 * In which hours of the week each user posts, per year and board: two arrays of the same length. With a row for each of
 * the 168 hours, this would be the largest table of all.
 */
export const userHours = statistic(baked.userHours, {
  needs: { countedPosts },
  columns: {
    ...same("uid", "year", "bid"),
    hours: "array_agg(hour order by hour)",
    post_counts: "array_agg(post_count order by hour)",
  },
  // In an incremental run, subtracted and added posts may cancel out.
  from: (sources) => `(
    select uid, year, bid, hour, sum(sign)::int as post_count
    from ${sources.countedPosts}
    group by uid, year, bid, hour having sum(sign) <> 0 order by uid, year, bid, hour
  ) of_hour
  group by uid, year, bid`,
  maintain: addArrays,
  groupBySorting: true,
  startEarly: true,
});

/** A row per user, year, board and hour of the week. */
export function hoursOf(source: string): string {
  return `(select uid, year, bid, unnest(hours) as hour, unnest(post_counts) as post_count from ${source})`;
}

/** Adds the arrays hour by hour. */
function addArrays({ table, query }: Declared): Steps {
  return {
    changes: createNext(table, query()),
    prepare: [],
    apply: [
      `insert into baked.user_hours as t (uid, year, bid, hours, post_counts)
      select uid, year, bid, coalesce(array_agg(hour order by hour) filter (where post_count <> 0), '{}'),
             coalesce(array_agg(post_count order by hour) filter (where post_count <> 0), '{}')
      from (
        select uid, year, bid, hour, sum(post_count)::int as post_count
        from (
          select uid, year, bid, hour, post_count from ${hoursOf("baked_next.user_hours")} delta
          union all
          select existing.uid, existing.year, existing.bid, of_hour.hour, of_hour.post_count
          from baked.user_hours existing join baked_next.user_hours using (uid, year, bid),
               unnest(existing.hours, existing.post_counts) as of_hour (hour, post_count)
        ) existing_and_delta
        group by uid, year, bid, hour
      ) of_hour
      group by uid, year, bid
      on conflict (uid, year, bid) do update set hours = excluded.hours, post_counts = excluded.post_counts
      where (t.hours, t.post_counts) <> (excluded.hours, excluded.post_counts)`,
      `delete from baked.user_hours t using baked_next.user_hours delta
      where t.uid = delta.uid and t.year = delta.year and t.bid = delta.bid and t.hours = '{}'`,
    ],
  };
}
