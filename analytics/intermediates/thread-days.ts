import { countedPosts } from "../inputs/counted-posts.ts";
import { regroupedThreads } from "./changed-threads.ts";
import { perThread } from "./intermediate.ts";

const count = (posts: string) =>
  `select tid, bid, day, count(*)::int as post_count from ${posts} group by tid, bid, day`;

/** The posts of each thread per day. Only those of days tell their board. */
export const threadDays = perThread({
  name: "thread_days",
  needs: [countedPosts],
  all: count("baked_next.counted_posts"),
  changed: `
    select tid, day, sum(post_count)::int as post_count
    from (
      select tid, unnest(days) as day, unnest(day_post_counts) as post_count
      from baked.thread_details join ${regroupedThreads} using (tid)
      union all
      select tid, day, sign from ${countedPosts.changes} join ${regroupedThreads} using (tid)
    ) existing_and_delta
    group by tid, day having sum(post_count) <> 0`,
  lookUps: { day: (groups) => count(`(${countedPosts.lookUp(["day"], groups)}) post`) },
});
