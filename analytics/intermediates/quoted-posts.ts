import { countedPosts, isCounted } from "../inputs/counted-posts.ts";
import { quotes } from "../inputs/quotes.ts";
import { fence } from "../inputs/sql.ts";
import { regroupedThreads } from "./changed-threads.ts";
import { perThread } from "./intermediate.ts";

/** The query over all quotes. */
export const countQuoted = (allQuotes: string) => `
  select quoted_pid as pid, min(quoted_tid) as tid, min(quoted_bid) as bid, min(quoted_day) as day,
         min(quoted_unix_s) as unix_s, count(*)::int as quoted_count
  from ${allQuotes} group by quoted_pid`;

/** Looks up by how many posts each post is quoted. */
const countOneByOne = (posts: string) => `
  select pid, tid, bid, day, unix_s, quoted_count
  from ${posts} post
  cross join lateral (
    select count(*)::int as quoted_count
    from baked.post_quotes q join baked.post_facts quoting on quoting.pid = q.pid
    where q.quoted_pid = post.pid and ${isCounted("quoting")}
    ${fence("looked up one by one, whatever the planner expects")}
  ) quote
  where quoted_count > 0`;

/** Posts that counted posts quote, and by how many. Those of changed threads do not tell their board and time. */
export const quotedPosts = perThread({
  name: "quoted_posts",
  needs: [quotes],
  all: countQuoted("baked_next.quotes"),
  changed: `
    select tid, pid, sum(quoted_count)::int as quoted_count
    from (
      select tid, unnest(quoted_pids) as pid, unnest(quoted_counts) as quoted_count
      from baked.thread_details join ${regroupedThreads} using (tid)
      union all
      select quoted_tid, quoted_pid, sign from ${quotes.changes}
    ) existing_and_delta
    group by tid, pid having sum(quoted_count) <> 0`,
  lookUps: { day: (groups) => countOneByOne(`(${countedPosts.lookUp(["day"], groups)})`) },
});
