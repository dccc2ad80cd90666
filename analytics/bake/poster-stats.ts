import { rollups, yearOf } from "./facts.ts";

/** Characters per post, rounded half up; 0 where nothing is left, or nothing but a difference. */
export const average = (length: string, posts: string) =>
  `coalesce(div(2 * (${length}) + (${posts}), nullif(2 * (${posts}), 0)), 0)`;

/** Per year × board × user. Pairs of posts count for the quoted user in the quoted post's year and board, for the quoting user in the quoting post's. In the order in which they are asked for most. */
export const posterStats = `
  select coalesce(year, 0), coalesce(bid, 0), uid, sum(post_count), sum(edit_count), sum(posts_length),
         ${average("sum(posts_length)", "sum(post_count)")},
         sum(threads_created), sum(quoted_count), sum(quotes_count)
  from (
    select ${yearOf("day")} as year, bid, uid, sum(post_count)::int as post_count, sum(edit_count)::bigint as edit_count,
           sum(posts_length)::bigint as posts_length, sum(threads_created)::int as threads_created,
           0 as quoted_count, 0 as quotes_count
    from baked_next.user_days group by 1, 2, 3
    union all
    select quoted_year, quoted_bid, quoted_uid, 0, 0, 0, 0, sum(sign)::int, 0
    from baked_next.edges group by quoted_year, quoted_bid, quoted_uid
    union all
    select year, bid, quoter_uid, 0, 0, 0, 0, 0, sum(sign)::int
    from baked_next.edges group by year, bid, quoter_uid
  ) of_user
  group by ${rollups("uid")}
  order by 1, 2, 4 desc, 3`;
