import { countedPosts } from "../inputs/counted-posts.ts";
import { perThread, postsOfThreads } from "./intermediate.ts";

const count = (posts: string) =>
  `select tid, bid, day, count(*)::int as post_count from ${posts} group by tid, bid, day`;

/** The posts of each thread per day. */
export const threadDays = perThread({
  name: "thread_days",
  needs: [countedPosts],
  all: count(postsOfThreads.all),
  changed: count(postsOfThreads.changed),
  lookUps: { day: (groups) => count(`(${countedPosts.lookUp(["day"], groups)}) post`) },
});
