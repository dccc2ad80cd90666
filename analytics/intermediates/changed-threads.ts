/**
 * The threads that an incremental run recomputes. Reading all posts of a thread is expensive, so it is done once for all
 * statistics, and not for threads whose posts were only edited.
 */
import { countedPosts } from "../inputs/counted-posts.ts";
import { quotes } from "../inputs/quotes.ts";

/** Rows (tid): threads that gain or lose posts, and threads whose posts gain or lose quotes. */
export const regroupedThreads = "baked_next.regrouped_threads";

/** All posts of these threads. */
export const regroupedPosts = "baked_next.regrouped_posts";

/** Rows (uid, bid, tid) of users who gain or lose posts in a thread. */
export const changedPosters = `
  select distinct uid, bid, tid from (
    select uid, bid, tid from ${countedPosts.changes} group by uid, bid, tid, pid, unix_s having sum(sign) <> 0
  ) gained_or_lost`;

/** Finds these threads, once the inputs are complete. */
export const findRegroupedThreads: readonly string[] = [
  `create table ${regroupedThreads} as
  select tid from (${changedPosters}) changed_poster
  union
  select quoted_tid from (
    select quoted_tid from ${quotes.changes} group by quoted_tid, quoted_pid having sum(sign) <> 0 or sum(count) <> 0
  ) gained_or_lost`,
  `analyze ${regroupedThreads}`,
  `create table ${regroupedPosts} as
  select tid, bid, year, pid, unix_s, uid, day from (${countedPosts.lookUp(["tid"], regroupedThreads)}) post`,
  `analyze ${regroupedPosts} (tid, uid, year)`,
];
