import * as baked from "@potstats/db/baked";
import { mergeBests } from "../bests.ts";
import { isCounted } from "../inputs/counted-posts.ts";
import { postsOfUsers } from "../inputs/posts-of-users.ts";
import { quotes } from "../inputs/quotes.ts";
import { packed, packedId, packedValue } from "../records.ts";
import { statistic } from "../statistic.ts";

/** How many posts quote each of these, which are rows of `post_facts`. */
const quotesOf = (posts: string) => `
  select post.uid, post.year, post.pid, count(*)::int as quoted_count
  from ${posts} post
  join baked.post_quotes q on q.quoted_pid = post.pid
  join baked.post_facts quoting on quoting.pid = q.pid and ${isCounted("quoting")}
  group by post.uid, post.year, post.pid`;

/** Of the posts that a user wrote in a year, the one that most posts quote; of equals that with the lowest id. */
export const userYearQuoted = statistic(baked.userYearQuoted, {
  needs: { quotes },
  columns: { uid: "quoted_uid", year: "quoted_year", pid: packedId("best"), quoted_count: packedValue("best") },
  from: (sources) => `(
    select quoted_uid, quoted_year, max(${packed("quoted_count", "quoted_pid")}) as best
    from (
      select quoted_uid, quoted_year, quoted_pid, count(*) as quoted_count
      from ${sources.quotes} group by quoted_uid, quoted_year, quoted_pid
    ) of_post
    group by quoted_uid, quoted_year
  ) of_user
  order by quoted_uid, quoted_year`,
  maintain: mergeBests({
    value: "quoted_count",
    ties: ["pid"],
    identity: ["pid"],
    changed: `
      select distinct quoted_pid as pid
      from (
        select quoted_pid from ${quotes.changes}
        group by quoted_pid, pid, quoted_uid, quoted_year having sum(sign) <> 0
      ) gained_or_lost`,
    now: (identities) =>
      quotesOf(`(select f.* from baked.post_facts f join ${identities} using (pid) where ${isCounted("f")})`),
    all: (groups) => quotesOf(`(select p.* from (${postsOfUsers(groups)}) p join ${groups} using (uid, year))`),
  }),
});
