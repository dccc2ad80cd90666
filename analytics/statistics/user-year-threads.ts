import * as baked from "@potstats/db/baked";
import { mergeBests } from "../bests.ts";
import { countedPosts } from "../inputs/counted-posts.ts";
import { postsOfUsers } from "../inputs/posts-of-users.ts";
import { regroupedPosts } from "../intermediates/changed-threads.ts";
import { packed, packedId, packedValue } from "../records.ts";
import { same, statistic } from "../statistic.ts";

const postsPerThread = (posts: string) => `
  select uid, year, tid, count(*)::int as post_count from ${posts} group by uid, year, tid`;

/** The thread in which a user wrote most in a year; of equals that with the lowest id. */
export const userYearThreads = statistic(baked.userYearThreads, {
  needs: { countedPosts },
  columns: { ...same("uid", "year"), tid: packedId("best"), post_count: packedValue("best") },
  from: (sources) => `(
    select uid, year, max(${packed("post_count", "tid")}) as best
    from (${postsPerThread(sources.countedPosts)}) of_thread group by uid, year
  ) of_user
  order by uid, year`,
  maintain: mergeBests({
    value: "post_count",
    ties: ["tid"],
    identity: ["uid", "year", "tid"],
    changed: `
      select uid, year, tid from ${countedPosts.changes} group by uid, year, tid having sum(sign) <> 0`,
    now: (identities) => postsPerThread(`${regroupedPosts} join ${identities} using (uid, year, tid)`),
    all: (groups) => postsPerThread(`(${postsOfUsers(groups)}) post join ${groups} using (uid, year)`),
  }),
});
