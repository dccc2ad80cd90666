import * as baked from "@potstats/db/baked";
import { quotes } from "../inputs/quotes.ts";
import { yearOf } from "../inputs/sql.ts";
import { same, statistic } from "../statistic.ts";
import { userDays } from "./user-days.ts";

/**
 * The quotient rounded half up; 0 for no posts. In an incremental run, a change of lengths alone has none either, and that
 * of a few posts may be out of range: it is not used.
 */
const average = (length: string, posts: string) =>
  `least(greatest(coalesce(div(2 * (${length}) + (${posts}), nullif(2 * (${posts}), 0)), 0), -2147483648), 2147483647)`;

const counts = ["post_count", "edit_count", "posts_length", "threads_created", "quoted_count", "quotes_count"] as const;
/** The casts keep sums of sums from becoming numeric, which is slow. */
const summed = counts
  .map((column) => `sum(${column})::${["edit_count", "posts_length"].includes(column) ? "bigint" : "int"} as ${column}`)
  .join(", ");

/**
 * Per year × board × user. A quote counts for the quoted user in the quoted post's year and board, and for the
 * quoting user in the quoting post's year and board. Rows are stored in the order in which they are read most often.
 */
export const posterStats = statistic(baked.posterStats, {
  needs: { userDays, quotes },
  columns: {
    ...same("year", "bid", "uid", ...counts),
    post_level: (valueOf) => baked.postLevelOf(valueOf("post_count")),
    avg_post_length: (valueOf) => average(valueOf("posts_length"), valueOf("post_count")),
  },
  // Sums of sums, because most users post in few years and boards.
  from: (sources) => `(
    with of_board as materialized (
      select year, bid, uid, ${summed}
      from (
        select ${yearOf("day")} as year, bid, uid, post_count, edit_count, posts_length, threads_created,
               0 as quoted_count, 0 as quotes_count
        from ${sources.userDays}
        union all
        select quoted_year, quoted_bid, quoted_uid, 0, 0, 0, 0, sign, 0 from ${sources.quotes}
        union all
        select year, bid, quoter_uid, 0, 0, 0, 0, 0, sign from ${sources.quotes}
      ) part
      group by year, bid, uid
    ),
    of_year as materialized (select year, uid, ${summed} from of_board group by year, uid)
    select year, bid, uid, ${counts.join(", ")} from of_board
    union all
    select year, 0, uid, ${counts.join(", ")} from of_year
    union all
    select 0, bid, uid, ${summed} from of_board group by bid, uid
    union all
    select 0, 0, uid, ${summed} from of_year group by uid
  ) of_user
  order by year, bid, post_count desc, uid`,
  maintain: "add",
  // A user's rank is an index-only count. After incremental runs, autovacuum keeps the visibility map up to date.
  vacuum: true,
});
