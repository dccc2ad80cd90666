import * as baked from "@potstats/db/baked";
import { quotes } from "../inputs/quotes.ts";
import { selected, selections, yearOf } from "../inputs/sql.ts";
import { same, statistic, sums } from "../statistic.ts";
import { userDays } from "./user-days.ts";

/** The quotient rounded half up; 0 for no posts. In an incremental run, a change of lengths alone has none either. */
const average = (length: string, posts: string) =>
  `coalesce(div(2 * (${length}) + (${posts}), nullif(2 * (${posts}), 0)), 0)`;

/**
 * Per year × board × user. A quote counts for the quoted user in the quoted post's year and board, and for the
 * quoting user in the quoting post's year and board. Rows are stored in the order in which they are read most often.
 */
export const posterStats = statistic(baked.posterStats, {
  needs: { userDays, quotes },
  columns: {
    ...selected,
    ...same("uid"),
    ...sums("post_count", "edit_count", "posts_length", "threads_created", "quoted_count", "quotes_count"),
    avg_post_length: (valueOf) => average(valueOf("posts_length"), valueOf("post_count")),
  },
  from: (sources) => `(
    select ${yearOf("day")} as year, bid, uid,
           sum(post_count)::int as post_count, sum(edit_count)::bigint as edit_count,
           sum(posts_length)::bigint as posts_length, sum(threads_created)::int as threads_created,
           0 as quoted_count, 0 as quotes_count
    from ${sources.userDays} group by ${yearOf("day")}, bid, uid
    union all
    select quoted_year, quoted_bid, quoted_uid, 0, 0, 0, 0, sum(sign)::int, 0
    from ${sources.quotes} group by quoted_year, quoted_bid, quoted_uid
    union all
    select year, bid, quoter_uid, 0, 0, 0, 0, 0, sum(sign)::int
    from ${sources.quotes} group by year, bid, quoter_uid
  ) of_user
  group by ${selections("uid")}
  order by year, bid, post_count desc, uid`,
  maintain: "add",
  // A user's rank is an index-only count. After incremental runs, autovacuum keeps the visibility map up to date.
  vacuum: true,
});
