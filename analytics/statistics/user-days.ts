import * as baked from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { same, statistic } from "../statistic.ts";

/** What each user did on each day in each board. */
export const userDays = statistic(baked.userDays, {
  needs: { countedPosts },
  columns: {
    ...same("uid", "bid", "day"),
    post_count: "sum(sign)",
    edit_count: "sum(sign * edit_count)",
    posts_length: "sum(sign * length)",
    threads_created: "sum(sign * threads_created)",
  },
  from: (sources) => `${sources.countedPosts} group by uid, bid, day order by uid, bid, day`,
  maintain: "add",
});
