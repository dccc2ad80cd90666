import * as baked from "@potstats/db/baked";
import { countedPosts } from "../inputs/counted-posts.ts";
import { links } from "../inputs/links.ts";
import { quotes } from "../inputs/quotes.ts";
import { fence } from "../inputs/sql.ts";
import { countQuoted, quotedPosts } from "../intermediates/quoted-posts.ts";
import { allItems, forEither, historiesOf, type Only, mergeRecords } from "../records.ts";
import { same, statistic } from "../statistic.ts";

interface Sources {
  countedPosts: string;
  links: string;
  quotes: string;
  quotedPosts: string;
}

/**
 * How many links or quotes each post has. One is the rule and breaks a record only as the first of a board, so others
 * with one are left out.
 */
const countsOf = (record: string, source: string, value: string, only: Only) => `
  select '${record}' as record, min(bid) as bid, min(unix_s) as unix_s, pid, ${value} as value
  from ${source} where ${forEither(only, record, "bid")}
  group by pid having ${value} > 1 or min(unix_s) in (select min(unix_s) from ${source} group by bid)`;

/**
 * The posts that can be part of a history. Of posts with equal values only the earliest can, so the histories are found
 * among few rows: of each value the earliest time. Posts of the same second follow in the order of their ids.
 */
const itemsOf = (sources: Sources, only: Only = allItems) => `
  with counts as materialized (
    ${countsOf("most_links", sources.links, "sum(count)::bigint", only)}
    union all ${countsOf("most_quotes", sources.quotes, "count(*)", only)}
    union all ${countsOf("most_quoted_post", sources.quotedPosts, "min(quoted_count)::bigint", only)}
  ),
  earliest as materialized (
    select 'longest_post' as record, bid, length::bigint as value, min(unix_s) as unix_s
    from ${sources.countedPosts} where ${forEither(only, "longest_post", "bid")} group by bid, length
    union all
    select record, bid, value, min(unix_s) from counts group by record, bid, value
  ),
  candidates as materialized (
    select distinct record, value, unix_s
    from (
      select *, max(value) over (
        partition by record, bid order by unix_s groups between unbounded preceding and 1 preceding
      ) as former
      from (
        select record, bid, value, unix_s from earliest
        union all
        select record, 0, value, min(unix_s) from earliest group by record, value
      ) of_selection
    ) with_former
    where value > coalesce(former, 0)
  )
  select record, selected.bid, value, day, pid, unix_s, tid, uid
  from (
    select c.record, post.bid, c.value, post.day, post.pid, post.unix_s, post.tid, post.uid
    from (select * from candidates where record = 'longest_post') c
    join (select day, pid, unix_s, tid, uid, bid, length from ${sources.countedPosts}) post
      on post.length = c.value and post.unix_s = c.unix_s
    union all
    select c.record, post.bid, c.value, post.day, post.pid, post.unix_s, post.tid, post.uid
    from candidates c
    join counts on counts.record = c.record and counts.value = c.value and counts.unix_s = c.unix_s
    cross join lateral (
      select * from ${sources.countedPosts} where pid = counts.pid ${fence("few are looked up")}
    ) post
  ) item
  cross join lateral (values (bid), (0)) selected (bid)`;

/**
 * Which posts changed in which record. A post whose place changed, such as its thread or time, changed in all of them;
 * one that is new or gone has links and quotes that are.
 */
const changed = `
  select 'longest_post' as record, pid from ${countedPosts.changes}
  group by pid, uid, bid, tid, unix_s, length having sum(sign) <> 0
  union
  select record, pid
  from (
    select pid from ${countedPosts.changes}
    group by pid having max(uid) <> min(uid) or max(bid) <> min(bid) or max(tid) <> min(tid) or max(unix_s) <> min(unix_s)
  ) moved
  cross join (values ('most_links'), ('most_quotes'), ('most_quoted_post')) records (record)
  union
  select 'most_links', pid from ${links.changes} group by pid having sum(count) <> 0
  union
  select 'most_quotes', pid from ${quotes.changes} group by pid having sum(sign) <> 0
  union
  select 'most_quoted_post', quoted_pid from ${quotes.changes} group by quoted_pid having sum(sign) <> 0`;

/** What a post has now, by the record. */
const currentValues = {
  longest_post: "select length::bigint from baked.post_facts f where f.pid = post.pid",
  most_links: "select sum(count)::bigint from baked.post_links l where l.pid = post.pid",
  most_quotes: `select count(*) from (${quotes.current}) quote where quote.pid = post.pid`,
  most_quoted_post: `select count(*) from (${quotes.current}) quote where quote.quoted_pid = post.pid`,
};

/** What each changed post has now. */
const now = Object.entries(currentValues)
  .map(
    ([record, value]) => `
    select record, selected.bid, value, day, pid, unix_s, tid, uid
    from baked_next.changed_post_records changed
    join (${countedPosts.current}) post using (pid)
    cross join lateral (${value}) of_post (value)
    cross join lateral (values (post.bid), (0)) selected (bid)
    where record = '${record}' and value > 0`,
  )
  .join(" union all ");

/** The longest posts, those with the most links and quotes, and those that most posts quote. */
export const postRecords = statistic(baked.postRecords, {
  needs: { countedPosts, links, quotes, quotedPosts },
  columns: same("record", "bid", "value", "day", "pid", "unix_s", "tid", "uid"),
  from: (sources) => `(${historiesOf(itemsOf(sources), "unix_s, pid")}) history`,
  maintain: mergeRecords({
    moment: "unix_s, pid",
    identity: ["record", "pid"],
    changed,
    now,
    all: (only) =>
      itemsOf(
        {
          countedPosts: `(${countedPosts.current}) post`,
          links: `(${links.current}) link`,
          quotes: `(${quotes.current}) quote`,
          quotedPosts: `(${countQuoted(`(${quotes.current}) quote`)}) quoted`,
        },
        only,
      ),
  }),
  startEarly: true,
});
