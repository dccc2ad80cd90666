import { countedPosts, isCounted } from "../inputs/counted-posts.ts";
import { quotes } from "../inputs/quotes.ts";
import { fence } from "../inputs/sql.ts";
import { perThread, postsOfThreads } from "./intermediate.ts";

/** Looks up the quotes of posts in `baked`. */
const quotesOf = (posts: string) => `
  select post.pid, tid, bid, day, post.unix_s, count(*)::int as quoted_count, sum(count) as times_quoted
  from ${posts} post
  cross join lateral (
    select q.count
    from baked.post_quotes q join baked.post_facts quoting on quoting.pid = q.pid
    where q.quoted_pid = post.pid and ${isCounted("quoting")}
    ${fence("looked up one by one, whatever the planner expects")}
  ) quote
  group by post.pid, tid, bid, day, post.unix_s`;

/** The query over all quotes. */
export const countQuoted = (allQuotes: string) => `
  select quoted_pid as pid, min(quoted_tid) as tid, min(quoted_bid) as bid, min(quoted_day) as day,
         min(quoted_unix_s) as unix_s, count(*)::int as quoted_count, sum(count) as times_quoted
  from ${allQuotes} group by quoted_pid`;

/** Posts that counted posts quote: by how many posts, and how often. */
export const quotedPosts = perThread({
  name: "quoted_posts",
  needs: [quotes],
  all: countQuoted("baked_next.quotes"),
  changed: quotesOf(postsOfThreads.changed),
  lookUps: { day: (groups) => quotesOf(`(${countedPosts.lookUp(["day"], groups)})`) },
});
