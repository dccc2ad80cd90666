/** Which threads an incremental run has to recompute: looking up all posts of a thread is expensive. */

/** Rows (uid, bid, tid) of users who gain or lose posts in a thread. Posts that were only edited are skipped. */
export const changedPosters = (countedPosts: string): string => `
  select distinct uid, bid, tid from (
    select uid, bid, tid from ${countedPosts} group by uid, bid, tid, pid, unix_s having sum(sign) <> 0
  ) gained_or_lost`;

/** Rows (tid) of threads that gain or lose posts, and of those whose posts gain or lose quotes. */
export const changedThreads = ({ countedPosts, quotes }: Record<"countedPosts" | "quotes", string>): string => `
  select tid from (${changedPosters(countedPosts)}) changed_poster
  union
  select quoted_tid from (
    select quoted_tid from ${quotes} group by quoted_tid, quoted_pid having sum(sign) <> 0 or sum(count) <> 0
  ) gained_or_lost`;
