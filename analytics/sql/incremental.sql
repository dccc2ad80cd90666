-- The one transaction of an incremental run. Users, boards, threads, quotes and links are derived in TypeScript.
-- Generated from analytics/inputs, intermediates and statistics by `bun run docs`: do not edit.

-- changed threads and posts, here since revision 0
create table baked_next.changed_threads as
select
  t.tid,
  t.bid,
  t.first_pid,
  existing.bid as old_bid,
  existing.first_pid as old_first_pid,
  t.bid is distinct from existing.bid
  or (t.gone_at is not null) is distinct from existing.is_gone as affects_posts
from
  public.threads t
  left join baked.threads existing using (tid)
where
  t.revision > 0;

create table baked_next.changed_posts as
select
  pid
from
  public.posts
where
  revision > 0
union
select
  p.pid
from
  public.posts p
  join baked_next.changed_threads using (tid)
where
  affects_posts
union
select
  opening.pid
from
  baked_next.changed_threads,
  unnest(array[first_pid, old_first_pid]) as opening (pid)
where
  (bid, first_pid) is distinct from (old_bid, old_first_pid)
  and opening.pid is not null;

analyze baked_next.changed_threads,
baked_next.changed_posts;

-- counted_posts: old contributions, subtracted
create table baked_next.counted_posts as
select
  -1 as sign,
  f.*
from
  (
    select
      *
    from
      baked.post_facts
    where
      pid in (
        select
          pid
        from
          baked_next.changed_posts
      )
  ) f
where
  f.uid is not null
  and f.bid is not null
  and f.day is not null;

-- quotes: old contributions, subtracted
create table baked_next.quotes as
select
  -1 as sign,
  -1 * q.count as count,
  quoting.year,
  quoting.bid,
  quoting.uid as quoter_uid,
  quoted.year as quoted_year,
  quoted.bid as quoted_bid,
  quoted.uid as quoted_uid,
  q.pid,
  quoting.unix_s,
  q.quoted_pid,
  quoted.unix_s as quoted_unix_s,
  quoted.day as quoted_day,
  quoted.tid as quoted_tid
from
  (
    select
      *
    from
      baked.post_quotes
    where
      pid in (
        select
          pid
        from
          baked_next.changed_posts
      )
    union all
    select
      *
    from
      baked.post_quotes q
    where
      quoted_pid in (
        select
          pid
        from
          baked_next.changed_posts
      )
      and not exists (
        select
        from
          baked_next.changed_posts c
        where
          c.pid = q.pid
      )
  ) q
  join baked.post_facts quoting on quoting.pid = q.pid
  join baked.post_facts quoted on quoted.pid = q.quoted_pid
where
  quoting.uid is not null
  and quoting.bid is not null
  and quoting.day is not null
  and quoted.uid is not null
  and quoted.bid is not null
  and quoted.day is not null;

-- links: old contributions, subtracted
create table baked_next.links as
select
  f.year,
  l.type,
  f.uid,
  l.domain,
  l.pid,
  f.bid,
  f.unix_s,
  -1 * l.count as count
from
  (
    select
      *
    from
      baked.post_links
    where
      pid in (
        select
          pid
        from
          baked_next.changed_posts
      )
  ) l
  join baked.post_facts f on f.pid = l.pid
where
  f.uid is not null
  and f.bid is not null
  and f.day is not null;

-- post_facts: changed rows, replaced
delete from baked.post_facts
where
  pid in (
    select
      pid
    from
      baked_next.changed_posts
  );

insert into
  baked.post_facts
select
  *
from
  baked_next.post_facts;

-- post_quotes: changed rows, replaced
delete from baked.post_quotes
where
  pid in (
    select
      pid
    from
      baked_next.changed_posts
  );

insert into
  baked.post_quotes
select
  *
from
  baked_next.post_quotes;

-- post_links: changed rows, replaced
delete from baked.post_links
where
  pid in (
    select
      pid
    from
      baked_next.changed_posts
  );

insert into
  baked.post_links
select
  *
from
  baked_next.post_links;

-- post_faults: changed rows, replaced
delete from baked.post_faults
where
  pid in (
    select
      pid
    from
      baked_next.changed_posts
  );

insert into
  baked.post_faults
select
  *
from
  baked_next.post_faults;

-- counted_posts: new contributions, added
insert into
  baked_next.counted_posts
select
  1 as sign,
  f.*
from
  (
    select
      *
    from
      baked.post_facts
    where
      pid in (
        select
          pid
        from
          baked_next.changed_posts
      )
  ) f
where
  f.uid is not null
  and f.bid is not null
  and f.day is not null;

analyze baked_next.counted_posts;

-- quotes: new contributions, added
insert into
  baked_next.quotes
select
  1 as sign,
  1 * q.count as count,
  quoting.year,
  quoting.bid,
  quoting.uid as quoter_uid,
  quoted.year as quoted_year,
  quoted.bid as quoted_bid,
  quoted.uid as quoted_uid,
  q.pid,
  quoting.unix_s,
  q.quoted_pid,
  quoted.unix_s as quoted_unix_s,
  quoted.day as quoted_day,
  quoted.tid as quoted_tid
from
  (
    select
      *
    from
      baked.post_quotes
    where
      pid in (
        select
          pid
        from
          baked_next.changed_posts
      )
    union all
    select
      *
    from
      baked.post_quotes q
    where
      quoted_pid in (
        select
          pid
        from
          baked_next.changed_posts
      )
      and not exists (
        select
        from
          baked_next.changed_posts c
        where
          c.pid = q.pid
      )
  ) q
  join baked.post_facts quoting on quoting.pid = q.pid
  join baked.post_facts quoted on quoted.pid = q.quoted_pid
where
  quoting.uid is not null
  and quoting.bid is not null
  and quoting.day is not null
  and quoted.uid is not null
  and quoted.bid is not null
  and quoted.day is not null;

analyze baked_next.quotes;

-- links: new contributions, added
insert into
  baked_next.links
select
  f.year,
  l.type,
  f.uid,
  l.domain,
  l.pid,
  f.bid,
  f.unix_s,
  1 * l.count as count
from
  (
    select
      *
    from
      baked.post_links
    where
      pid in (
        select
          pid
        from
          baked_next.changed_posts
      )
  ) l
  join baked.post_facts f on f.pid = l.pid
where
  f.uid is not null
  and f.bid is not null
  and f.day is not null;

analyze baked_next.links;

-- regrouped_threads: of changed threads
create table baked_next.regrouped_threads as
select
  tid
from
  (
    select distinct
      uid,
      bid,
      tid
    from
      (
        select
          uid,
          bid,
          tid
        from
          baked_next.counted_posts
        group by
          uid,
          bid,
          tid,
          pid,
          unix_s
        having
          sum(sign) <> 0
      ) gained_or_lost
  ) changed_poster
union
select
  quoted_tid
from
  (
    select
      quoted_tid
    from
      baked_next.quotes
    group by
      quoted_tid,
      quoted_pid
    having
      sum(sign) <> 0
      or sum(count) <> 0
  ) gained_or_lost;

analyze baked_next.regrouped_threads;

create table baked_next.regrouped_posts as
select
  tid,
  bid,
  year,
  pid,
  unix_s,
  uid,
  day
from
  (
    select
      f.*
    from
      baked_next.regrouped_threads g
      cross join lateral (
        select
          1 as sign,
          f.*
        from
          baked.post_facts f
        where
          f.uid is not null
          and f.bid is not null
          and f.day is not null
          and f.tid = g.tid
        offset
          0 /* fence: looked up one by one, whatever the planner expects */
      ) f
  ) post;

analyze baked_next.regrouped_posts (tid, uid, year);

-- thread_summaries: of changed threads
create table baked_next.thread_summaries as
select
  tid,
  bid,
  date_part('year', post_days[1])::smallint as year,
  post_count,
  cardinality(users) as participants,
  uids[1] as uid,
  pids[1] as first_pid,
  pids[post_count] as last_pid,
  times[1] as opened,
  times[array_position(uids, (array_remove(uids, uids[1])) [1])] - times[1] as first_reply_s,
  times[post_count] - times[1] as lifetime_s,
  times[(post_count + 1) / 2] - times[1] as half_life_s,
  width_bucket(times[1] + 86399, times) as fast_count,
  of_users.*,
  of_silences.*,
  of_days.*,
  of_stream.*
from
  (
    select
      tid,
      min(bid) as bid,
      count(*)::int as post_count,
      array_agg(pid) as pids,
      array_agg(unix_s) as times,
      array_agg(uid) as uids,
      array_agg(day) as post_days
    from
      (
        select
          tid,
          bid,
          pid,
          unix_s,
          uid,
          day
        from
          baked_next.regrouped_posts
        order by
          tid,
          unix_s,
          pid
        offset
          0 /* fence: in order */
      ) post
    group by
      tid
  ) thread
  cross join lateral (
    select
      array_agg(uid) as users,
      array_agg(post_count) as user_post_counts,
      array_agg(pids[first]) as user_first_pids,
      array_agg(pids[last]) as user_last_pids
    from
      (
        select
          uid,
          count(*)::int as post_count,
          min(at)::int as first,
          max(at)::int as last
        from
          (
            select
              unnest(uids) as uid,
              generate_subscripts(uids, 1) as at
          ) post
        group by
          uid
        order by
          post_count desc,
          uid
        offset
          0 /* fence: in order */
      ) of_user
  ) of_users
  cross join lateral (
    select
      max(time - previous) as longest_s
    from
      (
        select
          unnest(times[:32]) as previous,
          unnest(times[2:33]) as time
      ) post
  ) of_first_posts
  cross join lateral (
    select
      coalesce(array_agg(silence), '{}') as silences_s,
      coalesce(array_agg(pids[at + 1]), '{}') as silence_pids,
      coalesce(array_agg(times[at + 1]), '{}') as silence_times
    from
      (
        select
          at,
          silence
        from
          (
            select
              at,
              silence,
              max(silence) over (
                order by
                  at rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  at,
                  time - previous as silence
                from
                  (
                    select
                      unnest(times) as previous,
                      unnest(times[2:]) as time,
                      generate_subscripts(times, 1) as at
                  ) post
              ) of_post
            where
              at <= 32
              or silence > longest_s
          ) of_post
          /* after the last post there is none: its silence is NULL */
        where
          silence > coalesce(former, -1)
        order by
          at
        offset
          0 /* fence: in order */
      ) longer
  ) of_silences
  cross join lateral (
    select
      array_agg(day) as days,
      array_agg(post_count) as day_post_counts,
      max(post_count) as busiest_day_post_count
    from
      (
        select
          day,
          count(*)::int as post_count
        from
          (
            select
              unnest(post_days) as day
          ) post
        group by
          day
        order by
          day
        offset
          0 /* fence: in order */
      ) of_day
  ) of_days
  cross join lateral (
    select
      users[1:6] as busiest
    offset
      0 /* fence: sliced once per thread */
  ) of_busiest
  cross join lateral (
    select
      array_agg(uid) as stream_uids,
      array_agg(day) as stream_days,
      array_agg(post_count) as stream_post_counts
    from
      (
        select
          uid,
          day,
          count(*)::int as post_count
        from
          (
            select
              unnest(uids) as uid,
              unnest(post_days) as day
          ) post
        where
          uid = any (busiest)
        group by
          uid,
          day
        order by
          day,
          uid
        offset
          0 /* fence: in order */
      ) of_user
  ) of_stream;

analyze baked_next.thread_summaries (tid);

-- thread_quotes: of changed threads
create table baked_next.thread_quotes as
select
  tid,
  sum(times_quoted) as times_quoted
from
  (
    select
      tid,
      times_quoted
    from
      baked.thread_stats
      join baked_next.regrouped_threads using (tid)
    union all
    select
      quoted_tid,
      count
    from
      baked_next.quotes
  ) existing_and_delta
group by
  tid;

analyze baked_next.thread_quotes (tid);

-- quoted_posts: of changed threads
create table baked_next.quoted_posts as
select
  tid,
  pid,
  sum(quoted_count)::int as quoted_count
from
  (
    select
      tid,
      unnest(quoted_pids) as pid,
      unnest(quoted_counts) as quoted_count
    from
      baked.thread_details
      join baked_next.regrouped_threads using (tid)
    union all
    select
      quoted_tid,
      quoted_pid,
      sign
    from
      baked_next.quotes
  ) existing_and_delta
group by
  tid,
  pid
having
  sum(quoted_count) <> 0;

analyze baked_next.quoted_posts (tid);

-- user_board_hours: of changed threads
create table baked_next.user_board_hours as
select
  uid,
  year,
  bid,
  array_agg(hour) as hours,
  array_agg(post_count) as post_counts
from
  (
    select
      uid,
      year,
      bid,
      hour,
      sum(sign)::int as post_count
    from
      baked_next.counted_posts
    group by
      uid,
      year,
      bid,
      hour
    having
      sum(sign) <> 0
    order by
      uid,
      year,
      bid,
      hour
    offset
      0 /* fence: in order */
  ) of_hour
group by
  uid,
  year,
  bid;

analyze baked_next.user_board_hours;

-- quote_graph: changes, computed before any statistic is updated
create table baked_next.changed_quote_graph_boards as
select
  year,
  bid,
  quoter_uid,
  quoted_uid,
  sum(count) as count
from
  baked_next.quotes
group by
  year,
  bid,
  quoter_uid,
  quoted_uid
having
  sum(count) <> 0;

analyze baked_next.changed_quote_graph_boards;

create table baked_next.changed_quote_graph as
select distinct
  quoter_uid,
  selected.year,
  quoted_uid
from
  baked_next.changed_quote_graph_boards changed
  cross join lateral (
    values
      (changed.year),
      (0)
  ) selected (year);

analyze baked_next.changed_quote_graph;

create table baked_next.quote_graph as
select
  year::smallint as year,
  bid::integer as bid,
  quoter_uid::integer as quoter_uid,
  quoted_uid::integer as quoted_uid,
  count::integer as count,
  only_bid::integer as only_bid
from
  (
    with
      of_board as materialized (
        select
          year,
          bid,
          quoter_uid,
          quoted_uid,
          sum(count) as count
        from
          (
            select
              year,
              bid,
              quoter_uid,
              quoted_uid,
              count
            from
              baked_next.changed_quote_graph_boards
            union all
            select
              existing.year,
              coalesce(only_bid, bid),
              quoter_uid,
              quoted_uid,
              count
            from
              baked.quote_graph existing
              join baked_next.changed_quote_graph using (quoter_uid, year, quoted_uid)
            where
              coalesce(only_bid, bid) <> 0
          ) of_board
        group by
          year,
          bid,
          quoter_uid,
          quoted_uid
        having
          sum(count) <> 0
      ),
      of_year as materialized (
        select
          year,
          quoter_uid,
          quoted_uid,
          sum(count) as count,
          case count(*)
            when 1 then min(bid)
          end as only_bid
        from
          of_board
        group by
          year,
          quoter_uid,
          quoted_uid
      )
    select
      year,
      bid,
      quoter_uid,
      quoted_uid,
      of_board.count,
      null::int as only_bid
    from
      of_board
      join (
        select
          year,
          quoter_uid,
          quoted_uid
        from
          of_year
        where
          only_bid is null
      ) several using (year, quoter_uid, quoted_uid)
    union all
    select
      year,
      0,
      quoter_uid,
      quoted_uid,
      count,
      only_bid
    from
      of_year
    union all
    select
      0,
      0,
      quoter_uid,
      quoted_uid,
      count,
      null
    from
      (
        select
          quoter_uid,
          quoted_uid,
          sum(count) as count
        from
          (
            select
              year,
              bid,
              quoter_uid,
              quoted_uid,
              count
            from
              baked_next.changed_quote_graph_boards
            union all
            select
              existing.year,
              coalesce(only_bid, bid),
              quoter_uid,
              quoted_uid,
              count
            from
              baked.quote_graph existing
              join baked_next.changed_quote_graph using (quoter_uid, year, quoted_uid)
            where
              existing.year = 0
          ) of_board
        group by
          quoter_uid,
          quoted_uid
        having
          sum(count) <> 0
      ) of_pair
  ) edge
order by
  quoter_uid,
  year,
  bid,
  quoted_uid;

analyze "baked_next"."quote_graph" ("year", "bid", "quoter_uid", "quoted_uid", "count", "only_bid");

-- user_domains: changes, computed before any statistic is updated
create table baked_next.user_domains as
select
  (coalesce(year, 0))::smallint as year,
  (coalesce(type, ''))::text collate "C" as type,
  uid::integer as uid,
  domain::text collate "C" as domain,
  (sum(count))::integer as count
from
  baked_next.links
group by
  grouping sets ((year, type, uid, domain), (year, uid, domain), (type, uid, domain), (uid, domain));

analyze "baked_next"."user_domains" ("year", "type", "uid", "domain", "count");

-- user_threads: changes, computed before any statistic is updated
create table baked_next.changed_user_threads_tids as
select distinct
  uid,
  bid,
  tid
from
  (
    select
      uid,
      bid,
      tid
    from
      baked_next.counted_posts
    group by
      uid,
      bid,
      tid,
      pid,
      unix_s
    having
      sum(sign) <> 0
  ) gained_or_lost;

analyze baked_next.changed_user_threads_tids;

-- daily_quoted: changes, computed before any statistic is updated
create table baked_next.changed_daily_quoted as
select
  selected.bid,
  day,
  pid
from
  (
    select
      quoted_bid as bid,
      quoted_day as day,
      quoted_pid as pid
    from
      baked_next.quotes
    group by
      quoted_bid,
      quoted_day,
      quoted_pid
    having
      sum(sign) <> 0
  ) gained_or_lost
  cross join lateral (
    values
      (bid),
      (0)
  ) selected (bid);

analyze baked_next.changed_daily_quoted;

-- domains: changes, computed before any statistic is updated
create table baked_next.domains as
select
  year::smallint as year,
  type::text collate "C" as type,
  domain::text collate "C" as domain,
  (sum(count))::integer as count
from
  baked_next.user_domains
group by
  year,
  type,
  domain;

analyze "baked_next"."domains" ("year", "type", "domain", "count");

-- link_totals: changes, computed before any statistic is updated
create table baked_next.link_totals as
select
  year::smallint as year,
  type::text collate "C" as type,
  (coalesce(uid, -1))::integer as uid,
  (sum(count))::integer as count
from
  baked_next.user_domains
group by
  grouping sets ((year, type, uid), (year, type));

analyze "baked_next"."link_totals" ("year", "type", "uid", "count");

-- quote_pairs: changes, computed before any statistic is updated
create table baked_next.changed_quote_pairs as
select
  quoter_uid,
  quoted_uid,
  unix_s,
  pid,
  quoted_pid,
  sum(sign) as sign,
  sum(count) as count
from
  baked_next.quotes
group by
  quoter_uid,
  quoted_uid,
  unix_s,
  pid,
  quoted_pid
having
  sum(sign) <> 0;

analyze baked_next.changed_quote_pairs;

create table baked_next.changed_quote_pairs_lost as
select
  quoter_uid,
  quoted_uid,
  exists (
    select
    from
      baked.quote_graph graph
    where
      (graph.quoter_uid, graph.quoted_uid, year, bid) = (lost.quoter_uid, lost.quoted_uid, 0, 0)
      and graph.count + (
        select
          sum(count)
        from
          baked_next.changed_quote_pairs changed
        where
          (changed.quoter_uid, changed.quoted_uid) = (lost.quoter_uid, lost.quoted_uid)
      ) > 0
  ) as has_others
from
  (
    select distinct
      quoter_uid,
      quoted_uid
    from
      baked_next.changed_quote_pairs
      join baked.quote_pairs using (quoter_uid, quoted_uid)
    where
      sign < 0
      and (pid, quoted_pid) in ((first_pid, first_quoted_pid), (last_pid, last_quoted_pid))
  ) lost;

analyze baked_next.changed_quote_pairs_lost;

-- user_days: changes, computed before any statistic is updated
create table baked_next.user_days as
select
  uid::integer as uid,
  bid::integer as bid,
  day::date as day,
  (sum(sign))::integer as post_count,
  (sum(sign * edit_count))::bigint as edit_count,
  (sum(sign * length))::bigint as posts_length,
  (sum(sign * threads_created))::integer as threads_created
from
  baked_next.counted_posts
group by
  uid,
  bid,
  day
order by
  uid,
  bid,
  day;

analyze "baked_next"."user_days" ("uid", "bid", "day", "post_count", "edit_count", "posts_length", "threads_created");

-- daily_stats: changes, computed before any statistic is updated
create table baked_next.daily_stats as
select
  day::date as day,
  bid::integer as bid,
  post_count::integer as post_count,
  edit_count::bigint as edit_count,
  posts_length::bigint as posts_length,
  threads_created::integer as threads_created,
  0::integer as active_users
from
  (
    select
      day,
      coalesce(bid, 0) as bid,
      sum(post_count)::bigint as post_count,
      sum(edit_count)::bigint as edit_count,
      sum(posts_length)::bigint as posts_length,
      sum(threads_created)::bigint as threads_created
    from
      baked_next.user_days
    group by
      grouping sets ((day, bid), (day))
  ) of_selection;

analyze "baked_next"."daily_stats" ("day", "bid", "post_count", "edit_count", "posts_length", "threads_created", "active_users");

insert into
  baked_next.daily_stats (bid, day, active_users, post_count, edit_count, posts_length, threads_created)
select
  bid,
  day,
  count(*),
  0,
  0,
  0,
  0
from
  (
    select
      day,
      coalesce(bid, 0) as bid,
      uid,
      sum(post_count) as post_count
    from
      baked_next.user_days
    group by
      grouping sets ((day, bid, uid), (day, uid))
  ) delta
where
  post_count > 0
  and not exists (
    select
    from
      baked.user_days existing
    where
      existing.uid = delta.uid
      and existing.day = delta.day
      and existing.bid = any (
        case delta.bid
          when 0 then (
            select
              array_agg(bid)
            from
              public.boards
          )
          else array[delta.bid]
        end
      )
  )
group by
  bid,
  day;

-- poster_stats: changes, computed before any statistic is updated
create table baked_next.poster_stats as
select
  year::smallint as year,
  (
    width_bucket(post_count, array[2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000])
  )::smallint as post_level,
  bid::integer as bid,
  uid::integer as uid,
  post_count::integer as post_count,
  edit_count::bigint as edit_count,
  posts_length::bigint as posts_length,
  (
    least(
      greatest(coalesce(div(2 * (posts_length) + (post_count), nullif(2 * (post_count), 0)), 0), -2147483648),
      2147483647
    )
  )::integer as avg_post_length,
  threads_created::integer as threads_created,
  quoted_count::integer as quoted_count,
  quotes_count::integer as quotes_count
from
  (
    with
      of_board as materialized (
        select
          year,
          bid,
          uid,
          sum(post_count)::int as post_count,
          sum(edit_count)::bigint as edit_count,
          sum(posts_length)::bigint as posts_length,
          sum(threads_created)::int as threads_created,
          sum(quoted_count)::int as quoted_count,
          sum(quotes_count)::int as quotes_count
        from
          (
            select
              date_part('year', day)::smallint as year,
              bid,
              uid,
              post_count,
              edit_count,
              posts_length,
              threads_created,
              0 as quoted_count,
              0 as quotes_count
            from
              baked_next.user_days
            union all
            select
              quoted_year,
              quoted_bid,
              quoted_uid,
              0,
              0,
              0,
              0,
              sign,
              0
            from
              baked_next.quotes
            union all
            select
              year,
              bid,
              quoter_uid,
              0,
              0,
              0,
              0,
              0,
              sign
            from
              baked_next.quotes
          ) part
        group by
          year,
          bid,
          uid
      ),
      of_year as materialized (
        select
          year,
          uid,
          sum(post_count)::int as post_count,
          sum(edit_count)::bigint as edit_count,
          sum(posts_length)::bigint as posts_length,
          sum(threads_created)::int as threads_created,
          sum(quoted_count)::int as quoted_count,
          sum(quotes_count)::int as quotes_count
        from
          of_board
        group by
          year,
          uid
      )
    select
      year,
      bid,
      uid,
      post_count,
      edit_count,
      posts_length,
      threads_created,
      quoted_count,
      quotes_count
    from
      of_board
    union all
    select
      year,
      0,
      uid,
      post_count,
      edit_count,
      posts_length,
      threads_created,
      quoted_count,
      quotes_count
    from
      of_year
    union all
    select
      0,
      bid,
      uid,
      sum(post_count)::int as post_count,
      sum(edit_count)::bigint as edit_count,
      sum(posts_length)::bigint as posts_length,
      sum(threads_created)::int as threads_created,
      sum(quoted_count)::int as quoted_count,
      sum(quotes_count)::int as quotes_count
    from
      of_board
    group by
      bid,
      uid
    union all
    select
      0,
      0,
      uid,
      sum(post_count)::int as post_count,
      sum(edit_count)::bigint as edit_count,
      sum(posts_length)::bigint as posts_length,
      sum(threads_created)::int as threads_created,
      sum(quoted_count)::int as quoted_count,
      sum(quotes_count)::int as quotes_count
    from
      of_year
    group by
      uid
  ) of_user
order by
  year,
  bid,
  post_count desc,
  uid;

analyze "baked_next"."poster_stats" (
  "year",
  "post_level",
  "bid",
  "uid",
  "post_count",
  "edit_count",
  "posts_length",
  "avg_post_length",
  "threads_created",
  "quoted_count",
  "quotes_count"
);

-- cohorts: changes, computed before any statistic is updated
create table baked_next.changed_cohorts as
select distinct
  bid,
  uid
from
  baked_next.poster_stats
where
  post_count <> 0;

analyze baked_next.changed_cohorts;

create table baked_next.cohorts as
select
  bid::integer as bid,
  cohort::smallint as cohort,
  year::smallint as year,
  (- count(*))::integer as active_users,
  (- sum(post_count))::integer as post_count
from
  (
    select
      s.bid,
      cohort,
      s.year,
      s.post_count
    from
      (
        select
          s.*
        from
          baked_next.changed_cohorts
          join baked.poster_stats s using (bid, uid)
      ) s
      join (
        select
          bid,
          uid,
          min(year) as cohort
        from
          (
            select
              s.*
            from
              baked_next.changed_cohorts
              join baked.poster_stats s using (bid, uid)
          ) s
        where
          year > 0
        group by
          bid,
          uid
      ) first using (bid, uid)
    where
      s.year > 0
  ) of_user
group by
  bid,
  cohort,
  year;

analyze "baked_next"."cohorts" ("bid", "cohort", "year", "active_users", "post_count");

-- user_hours: changes, computed before any statistic is updated
create table baked_next.changed_user_hours as
select distinct
  uid,
  year
from
  baked_next.user_board_hours;

analyze baked_next.changed_user_hours;

create table baked_next.user_hours as
select
  uid::integer as uid,
  year::smallint as year,
  (array_agg(bid))::integer[] as bids,
  (array_agg(hour))::smallint[] as hours,
  (array_agg(post_count))::integer[] as post_counts
from
  (
    select
      uid,
      year,
      bid,
      hour,
      sum(post_count)::int as post_count
    from
      (
        select
          uid,
          year,
          bid,
          hour,
          post_count
        from
          (
            select
              uid,
              year,
              bid,
              unnest(hours) as hour,
              unnest(post_counts) as post_count
            from
              baked_next.user_board_hours
          ) delta
        union all
        select
          uid,
          year,
          of_hour.*
        from
          baked.user_hours
          join baked_next.changed_user_hours using (uid, year),
          unnest(bids, hours, post_counts) as of_hour (bid, hour, post_count)
      ) existing_and_delta
    group by
      uid,
      year,
      bid,
      hour
    having
      sum(post_count) <> 0
    order by
      uid,
      year,
      bid,
      hour
    offset
      0 /* fence: in order */
  ) of_hour
group by
  uid,
  year;

analyze "baked_next"."user_hours" ("uid", "year");

-- hourly_stats: changes, computed before any statistic is updated
create table baked_next.hourly_stats as
select
  year::smallint as year,
  bid::integer as bid,
  (hour / 24 + 1)::smallint as weekday,
  (hour % 24)::smallint as hour,
  post_count::integer as post_count,
  0::integer as active_users
from
  (
    select
      coalesce(year, 0) as year,
      coalesce(bid, 0) as bid,
      hour,
      sum(post_count) as post_count
    from
      (
        select
          uid,
          year,
          bid,
          unnest(hours) as hour,
          unnest(post_counts) as post_count
        from
          baked_next.user_board_hours
      ) of_user
    group by
      grouping sets ((year, bid, hour), (year, hour), (bid, hour), (hour))
  ) of_hour;

analyze "baked_next"."hourly_stats" ("year", "bid", "weekday", "hour", "post_count", "active_users");

insert into
  baked_next.hourly_stats (year, bid, weekday, hour, active_users, post_count)
select
  year,
  bid,
  weekday,
  hour,
  count(*),
  0
from
  (
    select
      year,
      bid,
      hour / 24 + 1 as weekday,
      hour % 24 as hour,
      uid,
      post_count
    from
      (
        select
          coalesce(year, 0) as year,
          coalesce(bid, 0) as bid,
          hour,
          uid,
          sum(post_count) as post_count
        from
          (
            select
              uid,
              year,
              bid,
              unnest(hours) as hour,
              unnest(post_counts) as post_count
            from
              baked_next.user_board_hours
          ) of_user
        group by
          grouping sets ((year, bid, hour, uid), (year, hour, uid), (bid, hour, uid), (hour, uid))
      ) of_hour
  ) delta
where
  post_count > 0
  and not exists (
    select
    from
      baked.user_hours existing
    where
      existing.uid = delta.uid
      and (
        delta.year = 0
        or existing.year = delta.year
      )
      and 24 * (delta.weekday - 1) + delta.hour = any (
        case delta.bid
          when 0 then existing.hours
          else existing.hours[array_position(existing.bids, delta.bid):width_bucket(delta.bid, existing.bids)]
        end
      )
  )
group by
  year,
  bid,
  weekday,
  hour;

-- weekday_stats: changes, computed before any statistic is updated
create table baked_next.weekday_stats as
select
  year::smallint as year,
  bid::integer as bid,
  weekday::smallint as weekday,
  post_count::integer as post_count,
  edit_count::bigint as edit_count,
  posts_length::bigint as posts_length,
  threads_created::integer as threads_created,
  0::integer as active_users
from
  (
    select
      coalesce(year, 0) as year,
      coalesce(bid, 0) as bid,
      weekday,
      sum(post_count)::bigint as post_count,
      sum(edit_count)::bigint as edit_count,
      sum(posts_length)::bigint as posts_length,
      sum(threads_created)::bigint as threads_created
    from
      (
        select
          *,
          date_part('year', day)::smallint as year,
          date_part('isodow', day)::smallint as weekday
        from
          baked_next.daily_stats
        where
          bid <> 0
      ) of_day
    group by
      grouping sets ((year, bid, weekday), (year, weekday), (bid, weekday), (weekday))
  ) sums;

analyze "baked_next"."weekday_stats" (
  "year",
  "bid",
  "weekday",
  "post_count",
  "edit_count",
  "posts_length",
  "threads_created",
  "active_users"
);

insert into
  baked_next.weekday_stats (year, bid, weekday, active_users, post_count, edit_count, posts_length, threads_created)
select
  year,
  bid,
  weekday,
  count(*),
  0,
  0,
  0,
  0
from
  (
    select
      coalesce(year, 0) as year,
      coalesce(bid, 0) as bid,
      weekday,
      uid,
      sum(post_count) as post_count
    from
      (
        select
          *,
          hour / 24 + 1 as weekday
        from
          (
            select
              uid,
              year,
              bid,
              unnest(hours) as hour,
              unnest(post_counts) as post_count
            from
              baked_next.user_board_hours
          ) of_hour
      ) of_weekday
    group by
      grouping sets ((year, bid, weekday, uid), (year, weekday, uid), (bid, weekday, uid), (weekday, uid))
  ) delta
where
  post_count > 0
  and not exists (
    select
    from
      baked.user_hours existing,
      unnest(
        case delta.bid
          when 0 then existing.hours
          else existing.hours[array_position(existing.bids, delta.bid):width_bucket(delta.bid, existing.bids)]
        end
      ) as hour
    where
      existing.uid = delta.uid
      and (
        delta.year = 0
        or existing.year = delta.year
      )
      and hour / 24 + 1 = delta.weekday
  )
group by
  year,
  bid,
  weekday;

-- yearly_stats: changes, computed before any statistic is updated
create table baked_next.yearly_stats as
select
  year::smallint as year,
  bid::integer as bid,
  (sum(post_count))::integer as post_count,
  (sum(edit_count))::bigint as edit_count,
  (sum(posts_length))::bigint as posts_length,
  (sum(threads_created))::integer as threads_created,
  0::integer as active_users
from
  baked_next.poster_stats
group by
  year,
  bid;

analyze "baked_next"."yearly_stats" ("year", "bid", "post_count", "edit_count", "posts_length", "threads_created", "active_users");

insert into
  baked_next.yearly_stats (bid, year, active_users, post_count, edit_count, posts_length, threads_created)
select
  bid,
  year,
  count(*),
  0,
  0,
  0,
  0
from
  (
    select
      year,
      bid,
      uid,
      post_count
    from
      baked_next.poster_stats
  ) delta
where
  post_count > 0
  and not exists (
    select
    from
      baked.poster_stats existing
    where
      existing.uid = delta.uid
      and existing.bid = delta.bid
      and existing.year = delta.year
  )
group by
  bid,
  year;

-- post_records: changes, computed after its sources are updated
create table baked_next.changed_post_records as
select
  'longest_post' as record,
  pid
from
  baked_next.counted_posts
group by
  pid,
  uid,
  bid,
  tid,
  unix_s,
  length
having
  sum(sign) <> 0
union
select
  record,
  pid
from
  (
    select
      pid
    from
      baked_next.counted_posts
    group by
      pid
    having
      max(uid) <> min(uid)
      or max(bid) <> min(bid)
      or max(tid) <> min(tid)
      or max(unix_s) <> min(unix_s)
  ) moved
  cross join (
    values
      ('most_links'),
      ('most_quotes'),
      ('most_quoted_post')
  ) records (record)
union
select
  'most_links',
  pid
from
  baked_next.links
group by
  pid
having
  sum(count) <> 0
union
select
  'most_quotes',
  pid
from
  baked_next.quotes
group by
  pid
having
  sum(sign) <> 0
union
select
  'most_quoted_post',
  quoted_pid
from
  baked_next.quotes
group by
  quoted_pid
having
  sum(sign) <> 0;

analyze baked_next.changed_post_records;

-- post_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_post_records
create table baked_next.items_post_records as
select
  record,
  selected.bid,
  value,
  day,
  pid,
  unix_s,
  tid,
  uid
from
  baked_next.changed_post_records changed
  join (
    select
      1 as sign,
      f.*
    from
      baked.post_facts f
    where
      f.uid is not null
      and f.bid is not null
      and f.day is not null
  ) post using (pid)
  cross join lateral (
    select
      length::bigint
    from
      baked.post_facts f
    where
      f.pid = post.pid
  ) of_post (value)
  cross join lateral (
    values
      (post.bid),
      (0)
  ) selected (bid)
where
  record = 'longest_post'
  and value > 0
union all
select
  record,
  selected.bid,
  value,
  day,
  pid,
  unix_s,
  tid,
  uid
from
  baked_next.changed_post_records changed
  join (
    select
      1 as sign,
      f.*
    from
      baked.post_facts f
    where
      f.uid is not null
      and f.bid is not null
      and f.day is not null
  ) post using (pid)
  cross join lateral (
    select
      sum(count)::bigint
    from
      baked.post_links l
    where
      l.pid = post.pid
  ) of_post (value)
  cross join lateral (
    values
      (post.bid),
      (0)
  ) selected (bid)
where
  record = 'most_links'
  and value > 0
union all
select
  record,
  selected.bid,
  value,
  day,
  pid,
  unix_s,
  tid,
  uid
from
  baked_next.changed_post_records changed
  join (
    select
      1 as sign,
      f.*
    from
      baked.post_facts f
    where
      f.uid is not null
      and f.bid is not null
      and f.day is not null
  ) post using (pid)
  cross join lateral (
    select
      count(*)
    from
      (
        select
          1 as sign,
          1 * q.count as count,
          quoting.year,
          quoting.bid,
          quoting.uid as quoter_uid,
          quoted.year as quoted_year,
          quoted.bid as quoted_bid,
          quoted.uid as quoted_uid,
          q.pid,
          quoting.unix_s,
          q.quoted_pid,
          quoted.unix_s as quoted_unix_s,
          quoted.day as quoted_day,
          quoted.tid as quoted_tid
        from
          baked.post_quotes q
          join baked.post_facts quoting on quoting.pid = q.pid
          join baked.post_facts quoted on quoted.pid = q.quoted_pid
        where
          quoting.uid is not null
          and quoting.bid is not null
          and quoting.day is not null
          and quoted.uid is not null
          and quoted.bid is not null
          and quoted.day is not null
      ) quote
    where
      quote.pid = post.pid
  ) of_post (value)
  cross join lateral (
    values
      (post.bid),
      (0)
  ) selected (bid)
where
  record = 'most_quotes'
  and value > 0
union all
select
  record,
  selected.bid,
  value,
  day,
  pid,
  unix_s,
  tid,
  uid
from
  baked_next.changed_post_records changed
  join (
    select
      1 as sign,
      f.*
    from
      baked.post_facts f
    where
      f.uid is not null
      and f.bid is not null
      and f.day is not null
  ) post using (pid)
  cross join lateral (
    select
      count(*)
    from
      (
        select
          1 as sign,
          1 * q.count as count,
          quoting.year,
          quoting.bid,
          quoting.uid as quoter_uid,
          quoted.year as quoted_year,
          quoted.bid as quoted_bid,
          quoted.uid as quoted_uid,
          q.pid,
          quoting.unix_s,
          q.quoted_pid,
          quoted.unix_s as quoted_unix_s,
          quoted.day as quoted_day,
          quoted.tid as quoted_tid
        from
          baked.post_quotes q
          join baked.post_facts quoting on quoting.pid = q.pid
          join baked.post_facts quoted on quoted.pid = q.quoted_pid
        where
          quoting.uid is not null
          and quoting.bid is not null
          and quoting.day is not null
          and quoted.uid is not null
          and quoted.bid is not null
          and quoted.day is not null
      ) quote
    where
      quote.quoted_pid = post.pid
  ) of_post (value)
  cross join lateral (
    values
      (post.bid),
      (0)
  ) selected (bid)
where
  record = 'most_quoted_post'
  and value > 0;

create table baked_next.diminished_post_records as
select distinct
  record,
  bid
from
  baked.post_records old
where
  exists (
    select
    from
      baked_next.changed_post_records changed
    where
      changed.record = old.record
      and changed.pid = old.pid
  )
  and not exists (
    select
    from
      baked_next.items_post_records new
    where
      new.record = old.record
      and new.bid = old.bid
      and new.unix_s = old.unix_s
      and new.pid = old.pid
      and new.value >= old.value
  );

-- post_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_post_records and baked_next.diminished_post_records
insert into
  baked_next.items_post_records (bid, record, value, day, pid, unix_s, tid, uid)
select
  bid,
  record,
  value,
  day,
  pid,
  unix_s,
  tid,
  uid
from
  (
    with
      counts as materialized (
        select
          'most_links' as record,
          min(bid) as bid,
          min(unix_s) as unix_s,
          pid,
          sum(count)::bigint as value
        from
          (
            select
              f.year,
              l.type,
              f.uid,
              l.domain,
              l.pid,
              f.bid,
              f.unix_s,
              1 * l.count as count
            from
              baked.post_links l
              join baked.post_facts f on f.pid = l.pid
            where
              f.uid is not null
              and f.bid is not null
              and f.day is not null
          ) link
        where
          (
            exists (
              select
              from
                baked_next.diminished_post_records
              where
                record = 'most_links'
                and bid = 0
            )
            or bid in (
              select
                bid
              from
                baked_next.diminished_post_records
              where
                record = 'most_links'
            )
          )
        group by
          pid
        having
          sum(count)::bigint > 1
          or min(unix_s) in (
            select
              min(unix_s)
            from
              (
                select
                  f.year,
                  l.type,
                  f.uid,
                  l.domain,
                  l.pid,
                  f.bid,
                  f.unix_s,
                  1 * l.count as count
                from
                  baked.post_links l
                  join baked.post_facts f on f.pid = l.pid
                where
                  f.uid is not null
                  and f.bid is not null
                  and f.day is not null
              ) link
            group by
              bid
          )
        union all
        select
          'most_quotes' as record,
          min(bid) as bid,
          min(unix_s) as unix_s,
          pid,
          count(*) as value
        from
          (
            select
              1 as sign,
              1 * q.count as count,
              quoting.year,
              quoting.bid,
              quoting.uid as quoter_uid,
              quoted.year as quoted_year,
              quoted.bid as quoted_bid,
              quoted.uid as quoted_uid,
              q.pid,
              quoting.unix_s,
              q.quoted_pid,
              quoted.unix_s as quoted_unix_s,
              quoted.day as quoted_day,
              quoted.tid as quoted_tid
            from
              baked.post_quotes q
              join baked.post_facts quoting on quoting.pid = q.pid
              join baked.post_facts quoted on quoted.pid = q.quoted_pid
            where
              quoting.uid is not null
              and quoting.bid is not null
              and quoting.day is not null
              and quoted.uid is not null
              and quoted.bid is not null
              and quoted.day is not null
          ) quote
        where
          (
            exists (
              select
              from
                baked_next.diminished_post_records
              where
                record = 'most_quotes'
                and bid = 0
            )
            or bid in (
              select
                bid
              from
                baked_next.diminished_post_records
              where
                record = 'most_quotes'
            )
          )
        group by
          pid
        having
          count(*) > 1
          or min(unix_s) in (
            select
              min(unix_s)
            from
              (
                select
                  1 as sign,
                  1 * q.count as count,
                  quoting.year,
                  quoting.bid,
                  quoting.uid as quoter_uid,
                  quoted.year as quoted_year,
                  quoted.bid as quoted_bid,
                  quoted.uid as quoted_uid,
                  q.pid,
                  quoting.unix_s,
                  q.quoted_pid,
                  quoted.unix_s as quoted_unix_s,
                  quoted.day as quoted_day,
                  quoted.tid as quoted_tid
                from
                  baked.post_quotes q
                  join baked.post_facts quoting on quoting.pid = q.pid
                  join baked.post_facts quoted on quoted.pid = q.quoted_pid
                where
                  quoting.uid is not null
                  and quoting.bid is not null
                  and quoting.day is not null
                  and quoted.uid is not null
                  and quoted.bid is not null
                  and quoted.day is not null
              ) quote
            group by
              bid
          )
        union all
        select
          'most_quoted_post' as record,
          min(bid) as bid,
          min(unix_s) as unix_s,
          pid,
          min(quoted_count)::bigint as value
        from
          (
            select
              quoted_pid as pid,
              min(quoted_tid) as tid,
              min(quoted_bid) as bid,
              min(quoted_day) as day,
              min(quoted_unix_s) as unix_s,
              count(*)::int as quoted_count
            from
              (
                select
                  1 as sign,
                  1 * q.count as count,
                  quoting.year,
                  quoting.bid,
                  quoting.uid as quoter_uid,
                  quoted.year as quoted_year,
                  quoted.bid as quoted_bid,
                  quoted.uid as quoted_uid,
                  q.pid,
                  quoting.unix_s,
                  q.quoted_pid,
                  quoted.unix_s as quoted_unix_s,
                  quoted.day as quoted_day,
                  quoted.tid as quoted_tid
                from
                  baked.post_quotes q
                  join baked.post_facts quoting on quoting.pid = q.pid
                  join baked.post_facts quoted on quoted.pid = q.quoted_pid
                where
                  quoting.uid is not null
                  and quoting.bid is not null
                  and quoting.day is not null
                  and quoted.uid is not null
                  and quoted.bid is not null
                  and quoted.day is not null
              ) quote
            group by
              quoted_pid
          ) quoted
        where
          (
            exists (
              select
              from
                baked_next.diminished_post_records
              where
                record = 'most_quoted_post'
                and bid = 0
            )
            or bid in (
              select
                bid
              from
                baked_next.diminished_post_records
              where
                record = 'most_quoted_post'
            )
          )
        group by
          pid
        having
          min(quoted_count)::bigint > 1
          or min(unix_s) in (
            select
              min(unix_s)
            from
              (
                select
                  quoted_pid as pid,
                  min(quoted_tid) as tid,
                  min(quoted_bid) as bid,
                  min(quoted_day) as day,
                  min(quoted_unix_s) as unix_s,
                  count(*)::int as quoted_count
                from
                  (
                    select
                      1 as sign,
                      1 * q.count as count,
                      quoting.year,
                      quoting.bid,
                      quoting.uid as quoter_uid,
                      quoted.year as quoted_year,
                      quoted.bid as quoted_bid,
                      quoted.uid as quoted_uid,
                      q.pid,
                      quoting.unix_s,
                      q.quoted_pid,
                      quoted.unix_s as quoted_unix_s,
                      quoted.day as quoted_day,
                      quoted.tid as quoted_tid
                    from
                      baked.post_quotes q
                      join baked.post_facts quoting on quoting.pid = q.pid
                      join baked.post_facts quoted on quoted.pid = q.quoted_pid
                    where
                      quoting.uid is not null
                      and quoting.bid is not null
                      and quoting.day is not null
                      and quoted.uid is not null
                      and quoted.bid is not null
                      and quoted.day is not null
                  ) quote
                group by
                  quoted_pid
              ) quoted
            group by
              bid
          )
      ),
      earliest as materialized (
        select
          'longest_post' as record,
          bid,
          length::bigint as value,
          min(unix_s) as unix_s
        from
          (
            select
              1 as sign,
              f.*
            from
              baked.post_facts f
            where
              f.uid is not null
              and f.bid is not null
              and f.day is not null
          ) post
        where
          (
            exists (
              select
              from
                baked_next.diminished_post_records
              where
                record = 'longest_post'
                and bid = 0
            )
            or bid in (
              select
                bid
              from
                baked_next.diminished_post_records
              where
                record = 'longest_post'
            )
          )
        group by
          bid,
          length
        union all
        select
          record,
          bid,
          value,
          min(unix_s)
        from
          counts
        group by
          record,
          bid,
          value
      ),
      candidates as materialized (
        select distinct
          record,
          value,
          unix_s
        from
          (
            select
              *,
              max(value) over (
                partition by
                  record,
                  bid
                order by
                  unix_s groups between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  record,
                  bid,
                  value,
                  unix_s
                from
                  earliest
                union all
                select
                  record,
                  0,
                  value,
                  min(unix_s)
                from
                  earliest
                group by
                  record,
                  value
              ) of_selection
          ) with_former
        where
          value > coalesce(former, 0)
      )
    select
      record,
      selected.bid,
      value,
      day,
      pid,
      unix_s,
      tid,
      uid
    from
      (
        select
          c.record,
          post.bid,
          c.value,
          post.day,
          post.pid,
          post.unix_s,
          post.tid,
          post.uid
        from
          (
            select
              *
            from
              candidates
            where
              record = 'longest_post'
          ) c
          join (
            select
              day,
              pid,
              unix_s,
              tid,
              uid,
              bid,
              length
            from
              (
                select
                  1 as sign,
                  f.*
                from
                  baked.post_facts f
                where
                  f.uid is not null
                  and f.bid is not null
                  and f.day is not null
              ) post
          ) post on post.length = c.value
          and post.unix_s = c.unix_s
        union all
        select
          c.record,
          post.bid,
          c.value,
          post.day,
          post.pid,
          post.unix_s,
          post.tid,
          post.uid
        from
          candidates c
          join counts on counts.record = c.record
          and counts.value = c.value
          and counts.unix_s = c.unix_s
          cross join lateral (
            select
              *
            from
              (
                select
                  1 as sign,
                  f.*
                from
                  baked.post_facts f
                where
                  f.uid is not null
                  and f.bid is not null
                  and f.day is not null
              ) post
            where
              pid = counts.pid
            offset
              0 /* fence: few are looked up */
          ) post
      ) item
      cross join lateral (
        values
          (bid),
          (0)
      ) selected (bid)
  ) item
where
  (record, bid) in (
    select
      record,
      bid
    from
      baked_next.diminished_post_records
  );

-- post_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_post_records
create table baked_next.post_records as
select
  record::text collate "C" as record,
  bid::integer as bid,
  value::bigint as value,
  day::date as day,
  pid::integer as pid,
  unix_s::bigint as unix_s,
  tid::integer as tid,
  uid::integer as uid
from
  (
    select
      *
    from
      (
        select
          *,
          max(value) over (
            partition by
              record,
              bid
            order by
              unix_s,
              pid,
              value desc rows between unbounded preceding
              and 1 preceding
          ) as former
        from
          (
            select
              bid,
              record,
              value,
              day,
              pid,
              unix_s,
              tid,
              uid
            from
              baked.post_records old
            where
              not exists (
                select
                from
                  baked_next.changed_post_records changed
                where
                  changed.record = old.record
                  and changed.pid = old.pid
              )
            union all
            select
              bid,
              record,
              value,
              day,
              pid,
              unix_s,
              tid,
              uid
            from
              baked_next.items_post_records
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

analyze "baked_next"."post_records" ("record", "bid", "value", "day", "pid", "unix_s", "tid", "uid");

-- post_records: updated, if there are rows in baked_next.changed_post_records
delete from baked.post_records t
where
  not exists (
    select
    from
      baked_next.post_records n
    where
      n.bid = t.bid
      and n.record = t.record
      and n.value = t.value
  );

insert into
  baked.post_records as t (bid, record, value, day, pid, unix_s, tid, uid)
select
  bid,
  record,
  value,
  day,
  pid,
  unix_s,
  tid,
  uid
from
  baked_next.post_records
on conflict (bid, record, value) do update
set
  day = excluded.day,
  pid = excluded.pid,
  unix_s = excluded.unix_s,
  tid = excluded.tid,
  uid = excluded.uid
where
  (t.day, t.pid, t.unix_s, t.tid, t.uid) is distinct from (excluded.day, excluded.pid, excluded.unix_s, excluded.tid, excluded.uid);

-- quote_graph: updated
delete from baked.quote_graph t using baked_next.changed_quote_graph changed
where
  t.quoter_uid = changed.quoter_uid
  and t.year = changed.year
  and t.quoted_uid = changed.quoted_uid
  and not exists (
    select
    from
      baked_next.quote_graph n
    where
      n.quoter_uid = t.quoter_uid
      and n.year = t.year
      and n.bid = t.bid
      and n.quoted_uid = t.quoted_uid
  );

insert into
  baked.quote_graph as t (quoter_uid, year, bid, quoted_uid, count, only_bid)
select
  quoter_uid,
  year,
  bid,
  quoted_uid,
  count,
  only_bid
from
  baked_next.quote_graph
on conflict (quoter_uid, year, bid, quoted_uid) do update
set
  count = excluded.count,
  only_bid = excluded.only_bid
where
  (t.count, t.only_bid) is distinct from (excluded.count, excluded.only_bid);

-- user_domains: updated
insert into
  baked.user_domains as t (uid, year, type, domain, count)
select
  uid,
  year,
  type,
  domain,
  sum(count)
from
  baked_next.user_domains
group by
  uid,
  year,
  type,
  domain
having
  sum(count) <> 0
on conflict (uid, year, type, domain) do update
set
  count = t.count + excluded.count;

delete from baked.user_domains t using baked_next.user_domains delta
where
  t.uid = delta.uid
  and t.year = delta.year
  and t.type = delta.type
  and t.domain = delta.domain
  and t.count = 0;

-- user_threads: changes, computed after its sources are updated, if there are rows in baked_next.changed_user_threads_tids
create table baked_next.changed_user_threads as
select distinct
  uid,
  bid
from
  baked_next.changed_user_threads_tids;

analyze baked_next.changed_user_threads;

create table baked_next.user_threads as
select
  uid::integer as uid,
  bid::integer as bid,
  (array_agg(tid))::integer[] as tids,
  (array_agg(post_count))::integer[] as post_counts,
  (array_agg(first_pid))::integer[] as first_pids,
  (array_agg(last_pid))::integer[] as last_pids
from
  (
    with
      now as materialized (
        select
          thread.uid,
          bid,
          tid,
          thread.post_count,
          thread.first_pid,
          thread.last_pid
        from
          baked_next.thread_summaries
          cross join lateral unnest(users, user_post_counts, user_first_pids, user_last_pids) as thread (uid, post_count, first_pid, last_pid)
      )
    select
      now.*
    from
      now
      join baked_next.changed_user_threads_tids using (uid, bid, tid)
    union all
    select
      existing.uid,
      existing.bid,
      thread.*
    from
      baked.user_threads existing
      join baked_next.changed_user_threads using (uid, bid),
      unnest(existing.tids, existing.post_counts, existing.first_pids, existing.last_pids) as thread (tid, post_count, first_pid, last_pid)
    where
      not exists (
        select
        from
          baked_next.changed_user_threads_tids changed
        where
          (changed.uid, changed.bid, changed.tid) = (existing.uid, existing.bid, thread.tid)
      )
    order by
      uid,
      bid,
      post_count desc,
      tid
    offset
      0 /* fence: in order */
  ) of_thread
group by
  uid,
  bid;

analyze "baked_next"."user_threads" ("uid", "bid");

-- user_threads: updated, if there are rows in baked_next.changed_user_threads_tids
delete from baked.user_threads t using baked_next.changed_user_threads changed
where
  t.uid = changed.uid
  and t.bid = changed.bid
  and not exists (
    select
    from
      baked_next.user_threads n
    where
      n.uid = t.uid
      and n.bid = t.bid
  );

insert into
  baked.user_threads as t (uid, bid, tids, post_counts, first_pids, last_pids)
select
  uid,
  bid,
  tids,
  post_counts,
  first_pids,
  last_pids
from
  baked_next.user_threads
on conflict (uid, bid) do update
set
  tids = excluded.tids,
  post_counts = excluded.post_counts,
  first_pids = excluded.first_pids,
  last_pids = excluded.last_pids
where
  (t.tids, t.post_counts, t.first_pids, t.last_pids) is distinct from (excluded.tids, excluded.post_counts, excluded.first_pids, excluded.last_pids);

-- daily_quoted: changes, computed after its sources are updated, if there are rows in baked_next.changed_daily_quoted
create table baked_next.items_daily_quoted as
select
  changed.*,
  ((quoted_count)::bigint << 32) - (pid + 2147483648) as best
from
  baked_next.changed_daily_quoted changed
  join baked_next.quoted_posts using (pid)
  join baked.post_facts post using (pid)
where
  changed.bid in (0, post.bid)
  and changed.day = post.day;

create table baked_next.diminished_daily_quoted as
select distinct
  bid,
  day
from
  baked.daily_quoted existing
where
  exists (
    select
    from
      baked_next.changed_daily_quoted changed
    where
      (changed.bid, changed.day, changed.pid) = (existing.bid, existing.day, existing.pid)
  )
  and not exists (
    select
    from
      baked_next.items_daily_quoted now
    where
      (now.bid, now.day, now.pid) = (existing.bid, existing.day, existing.pid)
      and now.best >= ((quoted_count)::bigint << 32) - (pid + 2147483648)
  );

create table baked_next.daily_quoted as
select
  bid::integer as bid,
  day::date as day,
  (((((best + 4294967295) >> 32) << 32) - best - 2147483648))::integer as pid,
  (((best + 4294967295) >> 32))::integer as quoted_count
from
  (
    select
      bid,
      day,
      max(best) as best
    from
      (
        select
          bid,
          day,
          best
        from
          baked_next.items_daily_quoted
        union all
        select
          bid,
          day,
          ((quoted_count)::bigint << 32) - (pid + 2147483648)
        from
          baked.daily_quoted existing
        where
          (bid, day) in (
            select
              bid,
              day
            from
              baked_next.changed_daily_quoted
          )
          and not exists (
            select
            from
              baked_next.changed_daily_quoted changed
            where
              (changed.bid, changed.day, changed.pid) = (existing.bid, existing.day, existing.pid)
          )
        union all
        select
          selected.bid,
          day,
          ((quoted_count)::bigint << 32) - (pid + 2147483648) as best
        from
          (
            select
              pid,
              tid,
              bid,
              day,
              unix_s,
              quoted_count
            from
              (
                select
                  f.*
                from
                  (
                    select distinct
                      day
                    from
                      baked_next.diminished_daily_quoted
                  ) g
                  cross join lateral (
                    select
                      f.*
                    from
                      (
                        select
                          pid
                        from
                          public.posts
                        where
                          timestamp between timezone (
                            'UTC',
                            timezone (
                              (
                                select
                                  timezone
                                from
                                  baked.analysis
                              ),
                              (g.day)::timestamp
                            )
                          ) - interval '2 hours' and timezone (
                            'UTC',
                            timezone (
                              (
                                select
                                  timezone
                                from
                                  baked.analysis
                              ),
                              (g.day + 1)::timestamp
                            )
                          ) + interval '2 hours'
                        offset
                          0 /* fence: looked up one by one, whatever the planner expects */
                      ) p
                      cross join lateral (
                        select
                          1 as sign,
                          f.*
                        from
                          baked.post_facts f
                        where
                          f.uid is not null
                          and f.bid is not null
                          and f.day is not null
                          and f.pid = p.pid
                        offset
                          0 /* fence: looked up one by one, whatever the planner expects */
                      ) f
                    where
                      f.day = g.day
                  ) f
              ) post
              cross join lateral (
                select
                  count(*)::int as quoted_count
                from
                  baked.post_quotes q
                  join baked.post_facts quoting on quoting.pid = q.pid
                where
                  q.quoted_pid = post.pid
                  and quoting.uid is not null
                  and quoting.bid is not null
                  and quoting.day is not null
                offset
                  0 /* fence: looked up one by one, whatever the planner expects */
              ) quote
            where
              quoted_count > 0
          ) post
          cross join lateral (
            values
              (bid),
              (0)
          ) selected (bid)
        where
          (selected.bid, day) in (
            select
              bid,
              day
            from
              baked_next.diminished_daily_quoted
          )
      ) post
    group by
      bid,
      day
  ) of_selection;

analyze "baked_next"."daily_quoted" ("bid", "day", "pid", "quoted_count");

-- daily_quoted: updated, if there are rows in baked_next.changed_daily_quoted
delete from baked.daily_quoted t using baked_next.changed_daily_quoted changed
where
  t.bid = changed.bid
  and t.day = changed.day
  and not exists (
    select
    from
      baked_next.daily_quoted n
    where
      n.bid = t.bid
      and n.day = t.day
  );

insert into
  baked.daily_quoted as t (bid, day, pid, quoted_count)
select
  bid,
  day,
  pid,
  quoted_count
from
  baked_next.daily_quoted
on conflict (bid, day) do update
set
  pid = excluded.pid,
  quoted_count = excluded.quoted_count
where
  (t.pid, t.quoted_count) is distinct from (excluded.pid, excluded.quoted_count);

-- daily_threads: changes, computed after its sources are updated
create table baked_next.changed_daily_threads as
select distinct
  day
from
  (
    select
      day,
      bid,
      tid,
      sum(sign) as gained
    from
      baked_next.counted_posts
    group by
      day,
      bid,
      tid
    having
      sum(sign) <> 0
  ) changed;

analyze baked_next.changed_daily_threads;

-- daily_threads: changes, computed after its sources are updated, if there are rows in baked_next.changed_daily_threads
create table baked_next.daily_threads as
select
  day::date as day,
  bid::integer as bid,
  tids::integer[] as tids,
  post_counts::integer[] as post_counts
from
  (
    with
      of_boards as materialized (
        select
          *
        from
          (
            select
              day,
              bid,
              tid,
              post_count,
              row_number() over (
                partition by
                  day,
                  bid
                order by
                  post_count desc,
                  tid
              ) as rank
            from
              (
                select
                  unnest(days) as day,
                  bid,
                  tid,
                  unnest(day_post_counts) as post_count
                from
                  (
                    with
                      changed as materialized (
                        select
                          day,
                          bid,
                          tid,
                          sum(sign) as gained
                        from
                          baked_next.counted_posts
                        group by
                          day,
                          bid,
                          tid
                        having
                          sum(sign) <> 0
                      ),
                      diminished as materialized (
                        select distinct
                          day
                        from
                          changed
                          join baked.daily_threads existing using (day, bid)
                        where
                          gained < 0
                          and cardinality(tids) = 5
                          and tid = any (tids)
                      )
                    select
                      tid,
                      bid,
                      array[day] as days,
                      array[post_count] as day_post_counts
                    from
                      (
                        select
                          day,
                          bid,
                          unnest(tids) as tid,
                          unnest(post_counts) as post_count
                        from
                          baked.daily_threads existing
                          join baked_next.changed_daily_threads using (day)
                        where
                          bid <> 0
                      ) of_boards
                    where
                      (day, tid) not in (
                        select
                          day,
                          tid
                        from
                          changed
                      )
                      and day not in (
                        select
                          day
                        from
                          diminished
                      )
                    union all
                    select
                      tid,
                      bid,
                      array[day],
                      array[day_post_counts[array_position(days, day)]]
                    from
                      (
                        select distinct
                          day,
                          tid
                        from
                          changed
                      ) changed
                      join baked_next.thread_summaries using (tid)
                    where
                      day = any (days)
                      and day not in (
                        select
                          day
                        from
                          diminished
                      )
                    union all
                    (
                      select
                        tid,
                        bid,
                        array[day] as days,
                        array[count(*)::int] as day_post_counts
                      from
                        (
                          select
                            f.*
                          from
                            diminished g
                            cross join lateral (
                              select
                                f.*
                              from
                                (
                                  select
                                    pid
                                  from
                                    public.posts
                                  where
                                    timestamp between timezone (
                                      'UTC',
                                      timezone (
                                        (
                                          select
                                            timezone
                                          from
                                            baked.analysis
                                        ),
                                        (g.day)::timestamp
                                      )
                                    ) - interval '2 hours' and timezone (
                                      'UTC',
                                      timezone (
                                        (
                                          select
                                            timezone
                                          from
                                            baked.analysis
                                        ),
                                        (g.day + 1)::timestamp
                                      )
                                    ) + interval '2 hours'
                                  offset
                                    0 /* fence: looked up one by one, whatever the planner expects */
                                ) p
                                cross join lateral (
                                  select
                                    1 as sign,
                                    f.*
                                  from
                                    baked.post_facts f
                                  where
                                    f.uid is not null
                                    and f.bid is not null
                                    and f.day is not null
                                    and f.pid = p.pid
                                  offset
                                    0 /* fence: looked up one by one, whatever the planner expects */
                                ) f
                              where
                                f.day = g.day
                            ) f
                        ) post
                      group by
                        tid,
                        bid,
                        day
                    )
                  ) thread_summaries
              ) of_thread
          ) ranked
        where
          rank <= 5
      )
    select
      day,
      bid,
      array_agg(tid) as tids,
      array_agg(post_count) as post_counts
    from
      (
        select
          *
        from
          of_boards
        order by
          day,
          bid,
          rank
        offset
          0 /* fence: in order */
      ) thread
    group by
      day,
      bid
    union all
    select
      day,
      0,
      array_agg(tid) as tids,
      array_agg(post_count) as post_counts
    from
      (
        select
          *
        from
          (
            select
              day,
              tid,
              post_count,
              row_number() over (
                partition by
                  day
                order by
                  post_count desc,
                  tid
              ) as rank
            from
              of_boards
          ) ranked
        where
          rank <= 5
        order by
          day,
          rank
        offset
          0 /* fence: in order */
      ) thread
    group by
      day
  ) busiest
order by
  bid,
  day;

analyze "baked_next"."daily_threads" ("day", "bid");

-- daily_threads: updated, if there are rows in baked_next.changed_daily_threads
delete from baked.daily_threads t using baked_next.changed_daily_threads changed
where
  t.day = changed.day
  and not exists (
    select
    from
      baked_next.daily_threads n
    where
      n.bid = t.bid
      and n.day = t.day
  );

insert into
  baked.daily_threads as t (bid, day, tids, post_counts)
select
  bid,
  day,
  tids,
  post_counts
from
  baked_next.daily_threads
on conflict (bid, day) do update
set
  tids = excluded.tids,
  post_counts = excluded.post_counts
where
  (t.tids, t.post_counts) is distinct from (excluded.tids, excluded.post_counts);

-- domains: updated
insert into
  baked.domains as t (domain, year, type, count)
select
  domain,
  year,
  type,
  sum(count)
from
  baked_next.domains
group by
  domain,
  year,
  type
having
  sum(count) <> 0
on conflict (domain, year, type) do update
set
  count = t.count + excluded.count;

delete from baked.domains t using baked_next.domains delta
where
  t.domain = delta.domain
  and t.year = delta.year
  and t.type = delta.type
  and t.count = 0;

-- link_totals: updated
insert into
  baked.link_totals as t (uid, year, type, count)
select
  uid,
  year,
  type,
  sum(count)
from
  baked_next.link_totals
group by
  uid,
  year,
  type
having
  sum(count) <> 0
on conflict (uid, year, type) do update
set
  count = t.count + excluded.count;

delete from baked.link_totals t using baked_next.link_totals delta
where
  t.uid = delta.uid
  and t.year = delta.year
  and t.type = delta.type
  and t.count = 0;

-- quote_pairs: changes, computed after its sources are updated
create table baked_next.quote_pairs as
select
  quoter_uid::integer as quoter_uid,
  quoted_uid::integer as quoted_uid,
  (first[2])::integer as first_pid,
  (first[3])::integer as first_quoted_pid,
  (last[2])::integer as last_pid,
  (- last[3])::integer as last_quoted_pid
from
  (
    select
      quoter_uid,
      quoted_uid,
      min(array[unix_s, pid, quoted_pid]) as first,
      max(array[unix_s, pid, - quoted_pid]) as last
    from
      (
        select
          quoter_uid,
          quoted_uid,
          unix_s,
          pid,
          quoted_pid
        from
          baked_next.changed_quote_pairs
        where
          sign > 0
          and (quoter_uid, quoted_uid) not in (
            select
              quoter_uid,
              quoted_uid
            from
              baked_next.changed_quote_pairs_lost
          )
        union all
        select
          quoter_uid,
          quoted_uid,
          unix_s,
          pid,
          known.quoted_pid
        from
          (
            select distinct
              quoter_uid,
              quoted_uid
            from
              baked_next.changed_quote_pairs
            where
              (quoter_uid, quoted_uid) not in (
                select
                  quoter_uid,
                  quoted_uid
                from
                  baked_next.changed_quote_pairs_lost
              )
          ) changed
          join baked.quote_pairs using (quoter_uid, quoted_uid)
          cross join lateral (
            values
              (first_pid, first_quoted_pid),
              (last_pid, last_quoted_pid)
          ) known (pid, quoted_pid)
          join baked.post_facts using (pid)
        union all
        select
          quoting.uid,
          quoted.uid,
          quoting.unix_s,
          quoting.pid,
          quoted.pid
        from
          (
            select
              f.*
            from
              (
                select distinct
                  uid
                from
                  (
                    select
                      quoter_uid as uid
                    from
                      baked_next.changed_quote_pairs_lost
                    where
                      has_others
                  ) lost
              ) g
              cross join lateral (
                select
                  pid
                from
                  public.posts
                where
                  poster_uid = g.uid
                offset
                  0 /* fence: looked up one by one, whatever the planner expects */
              ) p
              cross join lateral (
                select
                  1 as sign,
                  f.*
                from
                  baked.post_facts f
                where
                  f.pid = p.pid
                  and f.uid is not null
                  and f.bid is not null
                  and f.day is not null
                offset
                  0 /* fence: looked up one by one, whatever the planner expects */
              ) f
          ) quoting
          join baked.post_quotes q using (pid)
          join baked.post_facts quoted on quoted.pid = q.quoted_pid
          and quoted.uid is not null
          and quoted.bid is not null
          and quoted.day is not null
          join baked_next.changed_quote_pairs_lost lost on (lost.quoter_uid, lost.quoted_uid) = (quoting.uid, quoted.uid)
      ) quote
    group by
      quoter_uid,
      quoted_uid
  ) pair;

analyze "baked_next"."quote_pairs" ("quoter_uid", "quoted_uid", "first_pid", "first_quoted_pid", "last_pid", "last_quoted_pid");

-- quote_pairs: updated
delete from baked.quote_pairs t using baked_next.changed_quote_pairs changed
where
  t.quoter_uid = changed.quoter_uid
  and t.quoted_uid = changed.quoted_uid
  and not exists (
    select
    from
      baked_next.quote_pairs n
    where
      n.quoter_uid = t.quoter_uid
      and n.quoted_uid = t.quoted_uid
  );

insert into
  baked.quote_pairs as t (quoter_uid, quoted_uid, first_pid, first_quoted_pid, last_pid, last_quoted_pid)
select
  quoter_uid,
  quoted_uid,
  first_pid,
  first_quoted_pid,
  last_pid,
  last_quoted_pid
from
  baked_next.quote_pairs
on conflict (quoter_uid, quoted_uid) do update
set
  first_pid = excluded.first_pid,
  first_quoted_pid = excluded.first_quoted_pid,
  last_pid = excluded.last_pid,
  last_quoted_pid = excluded.last_quoted_pid
where
  (t.first_pid, t.first_quoted_pid, t.last_pid, t.last_quoted_pid) is distinct from (excluded.first_pid, excluded.first_quoted_pid, excluded.last_pid, excluded.last_quoted_pid);

-- thread_details: changes, computed after its sources are updated
create table baked_next.changed_thread_details as
select distinct
  tid
from
  baked_next.regrouped_threads
union
select distinct
  tid
from
  baked_next.regrouped_threads;

analyze baked_next.changed_thread_details;

-- thread_details: changes, computed after its sources are updated, if there are rows in baked_next.changed_thread_details
create table baked_next.thread_details as
select
  tid::integer as tid,
  (days[array_position(day_post_counts, busiest_day_post_count)])::date as busiest_day,
  busiest_day_post_count::integer as busiest_day_post_count,
  days::date[] as days,
  day_post_counts::integer[] as day_post_counts,
  (users[1:20])::integer[] as uids,
  (user_post_counts[1:20])::integer[] as user_post_counts,
  (coalesce(quoted_pids, '{}'))::integer[] as quoted_pids,
  (coalesce(quoted_counts, '{}'))::integer[] as quoted_counts,
  stream_uids::integer[] as stream_uids,
  stream_days::date[] as stream_days,
  stream_post_counts::integer[] as stream_post_counts
from
  (
    select
      thread_summaries.*
    from
      baked_next.thread_summaries
      join baked_next.changed_thread_details using (tid)
  ) thread_summaries
  left join (
    select
      tid,
      array_agg(pid) as quoted_pids,
      array_agg(quoted_count) as quoted_counts
    from
      (
        select
          tid,
          pid,
          quoted_count
        from
          (
            select
              quoted_posts.*
            from
              baked_next.quoted_posts
              join baked_next.changed_thread_details using (tid)
          ) quoted_posts
        order by
          tid,
          quoted_count desc,
          pid
        offset
          0 /* fence: in order */
      ) post
    group by
      tid
  ) quoted using (tid);

analyze "baked_next"."thread_details" ("tid", "busiest_day", "busiest_day_post_count");

-- thread_details: updated, if there are rows in baked_next.changed_thread_details
delete from baked.thread_details t using baked_next.changed_thread_details changed
where
  t.tid = changed.tid
  and not exists (
    select
    from
      baked_next.thread_details n
    where
      n.tid = t.tid
  );

insert into
  baked.thread_details as t (
    tid,
    busiest_day,
    busiest_day_post_count,
    days,
    day_post_counts,
    uids,
    user_post_counts,
    quoted_pids,
    quoted_counts,
    stream_uids,
    stream_days,
    stream_post_counts
  )
select
  tid,
  busiest_day,
  busiest_day_post_count,
  days,
  day_post_counts,
  uids,
  user_post_counts,
  quoted_pids,
  quoted_counts,
  stream_uids,
  stream_days,
  stream_post_counts
from
  baked_next.thread_details
on conflict (tid) do update
set
  busiest_day = excluded.busiest_day,
  busiest_day_post_count = excluded.busiest_day_post_count,
  days = excluded.days,
  day_post_counts = excluded.day_post_counts,
  uids = excluded.uids,
  user_post_counts = excluded.user_post_counts,
  quoted_pids = excluded.quoted_pids,
  quoted_counts = excluded.quoted_counts,
  stream_uids = excluded.stream_uids,
  stream_days = excluded.stream_days,
  stream_post_counts = excluded.stream_post_counts
where
  (
    t.busiest_day,
    t.busiest_day_post_count,
    t.days,
    t.day_post_counts,
    t.uids,
    t.user_post_counts,
    t.quoted_pids,
    t.quoted_counts,
    t.stream_uids,
    t.stream_days,
    t.stream_post_counts
  ) is distinct from (
    excluded.busiest_day,
    excluded.busiest_day_post_count,
    excluded.days,
    excluded.day_post_counts,
    excluded.uids,
    excluded.user_post_counts,
    excluded.quoted_pids,
    excluded.quoted_counts,
    excluded.stream_uids,
    excluded.stream_days,
    excluded.stream_post_counts
  );

-- thread_stats: changes, computed after its sources are updated
create table baked_next.changed_thread_stats as
select
  tid,
  existing.year as old_year,
  existing.bid as old_bid
from
  baked_next.regrouped_threads
  left join baked.thread_stats existing using (tid);

analyze baked_next.changed_thread_stats;

-- thread_stats: changes, computed after its sources are updated, if there are rows in baked_next.changed_thread_stats
create table baked_next.thread_stats as
select
  tid::integer as tid,
  bid::integer as bid,
  year::smallint as year,
  uid::integer as uid,
  opened::bigint as opened,
  post_count::integer as post_count,
  participants::integer as participants,
  first_pid::integer as first_pid,
  last_pid::integer as last_pid,
  first_reply_s::bigint as first_reply_s,
  lifetime_s::bigint as lifetime_s,
  half_life_s::bigint as half_life_s,
  (silences_s[cardinality(silences_s)])::bigint as longest_silence_s,
  silences_s::bigint[] as silences_s,
  silence_pids::integer[] as silence_pids,
  silence_times::bigint[] as silence_times,
  fast_count::integer as fast_count,
  (coalesce(times_quoted, 0))::bigint as times_quoted
from
  (
    select
      thread_summaries.*
    from
      baked_next.thread_summaries
      join baked_next.changed_thread_stats using (tid)
  ) thread_summaries
  left join (
    select
      thread_quotes.*
    from
      baked_next.thread_quotes
      join baked_next.changed_thread_stats using (tid)
  ) thread_quotes using (tid);

analyze "baked_next"."thread_stats" (
  "tid",
  "bid",
  "year",
  "uid",
  "opened",
  "post_count",
  "participants",
  "first_pid",
  "last_pid",
  "first_reply_s",
  "lifetime_s",
  "half_life_s",
  "longest_silence_s",
  "fast_count",
  "times_quoted"
);

-- thread_stats: updated, if there are rows in baked_next.changed_thread_stats
delete from baked.thread_stats t using baked_next.changed_thread_stats changed
where
  t.tid = changed.tid
  and not exists (
    select
    from
      baked_next.thread_stats n
    where
      n.tid = t.tid
  );

insert into
  baked.thread_stats as t (
    tid,
    bid,
    year,
    uid,
    opened,
    post_count,
    participants,
    first_pid,
    last_pid,
    first_reply_s,
    lifetime_s,
    half_life_s,
    longest_silence_s,
    silences_s,
    silence_pids,
    silence_times,
    fast_count,
    times_quoted
  )
select
  tid,
  bid,
  year,
  uid,
  opened,
  post_count,
  participants,
  first_pid,
  last_pid,
  first_reply_s,
  lifetime_s,
  half_life_s,
  longest_silence_s,
  silences_s,
  silence_pids,
  silence_times,
  fast_count,
  times_quoted
from
  baked_next.thread_stats
on conflict (tid) do update
set
  bid = excluded.bid,
  year = excluded.year,
  uid = excluded.uid,
  opened = excluded.opened,
  post_count = excluded.post_count,
  participants = excluded.participants,
  first_pid = excluded.first_pid,
  last_pid = excluded.last_pid,
  first_reply_s = excluded.first_reply_s,
  lifetime_s = excluded.lifetime_s,
  half_life_s = excluded.half_life_s,
  longest_silence_s = excluded.longest_silence_s,
  silences_s = excluded.silences_s,
  silence_pids = excluded.silence_pids,
  silence_times = excluded.silence_times,
  fast_count = excluded.fast_count,
  times_quoted = excluded.times_quoted
where
  (
    t.bid,
    t.year,
    t.uid,
    t.opened,
    t.post_count,
    t.participants,
    t.first_pid,
    t.last_pid,
    t.first_reply_s,
    t.lifetime_s,
    t.half_life_s,
    t.longest_silence_s,
    t.silences_s,
    t.silence_pids,
    t.silence_times,
    t.fast_count,
    t.times_quoted
  ) is distinct from (
    excluded.bid,
    excluded.year,
    excluded.uid,
    excluded.opened,
    excluded.post_count,
    excluded.participants,
    excluded.first_pid,
    excluded.last_pid,
    excluded.first_reply_s,
    excluded.lifetime_s,
    excluded.half_life_s,
    excluded.longest_silence_s,
    excluded.silences_s,
    excluded.silence_pids,
    excluded.silence_times,
    excluded.fast_count,
    excluded.times_quoted
  );

-- thread_records: changes, computed after its sources are updated
create table baked_next.changed_thread_records as
select
  tid
from
  baked_next.changed_thread_stats;

analyze baked_next.changed_thread_records;

-- thread_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_thread_records
create table baked_next.items_thread_records as
select
  item.*,
  post.uid,
  post.day
from
  (
    select
      record,
      selected.bid,
      value,
      unix_s,
      pid,
      tid
    from
      (
        select
          record,
          bid,
          value,
          unix_s,
          pid,
          tid
        from
          (
            select
              *
            from
              (
                select
                  *,
                  max(value) over (
                    partition by
                      bid
                    order by
                      unix_s,
                      pid rows between unbounded preceding
                      and 1 preceding
                  ) as former
                from
                  (
                    select
                      'largest_thread' as record,
                      bid,
                      post_count::bigint as value,
                      opened as unix_s,
                      first_pid as pid,
                      tid
                    from
                      (
                        select
                          thread_stats.*
                        from
                          baked.thread_stats
                          join baked_next.changed_thread_records using (tid)
                      ) thread
                    where
                      true
                  ) item
              ) item_and_former
            where
              value > coalesce(former, 0)
          ) history
        union all
        select
          record,
          bid,
          value,
          unix_s,
          pid,
          tid
        from
          (
            select
              *
            from
              (
                select
                  *,
                  max(value) over (
                    partition by
                      bid
                    order by
                      unix_s,
                      pid rows between unbounded preceding
                      and 1 preceding
                  ) as former
                from
                  (
                    select
                      'most_participants' as record,
                      bid,
                      participants::bigint as value,
                      opened as unix_s,
                      first_pid as pid,
                      tid
                    from
                      (
                        select
                          thread_stats.*
                        from
                          baked.thread_stats
                          join baked_next.changed_thread_records using (tid)
                      ) thread
                    where
                      true
                  ) item
              ) item_and_former
            where
              value > coalesce(former, 0)
          ) history
        union all
        select
          record,
          bid,
          value,
          unix_s,
          pid,
          tid
        from
          (
            select
              *
            from
              (
                select
                  *,
                  max(value) over (
                    partition by
                      bid
                    order by
                      unix_s,
                      pid rows between unbounded preceding
                      and 1 preceding
                  ) as former
                from
                  (
                    select
                      'fastest_thread' as record,
                      bid,
                      fast_count::bigint as value,
                      opened as unix_s,
                      first_pid as pid,
                      tid
                    from
                      (
                        select
                          thread_stats.*
                        from
                          baked.thread_stats
                          join baked_next.changed_thread_records using (tid)
                      ) thread
                    where
                      true
                  ) item
              ) item_and_former
            where
              value > coalesce(former, 0)
          ) history
        union all
        select
          record,
          bid,
          value,
          unix_s,
          pid,
          tid
        from
          (
            select
              *
            from
              (
                select
                  *,
                  max(value) over (
                    partition by
                      bid
                    order by
                      unix_s,
                      pid rows between unbounded preceding
                      and 1 preceding
                  ) as former
                from
                  (
                    select
                      'longest_silence' as record,
                      bid,
                      unnest(silences_s) as value,
                      unnest(silence_times) as unix_s,
                      unnest(silence_pids) as pid,
                      tid
                    from
                      (
                        select
                          thread_stats.*
                        from
                          baked.thread_stats
                          join baked_next.changed_thread_records using (tid)
                      ) thread
                    where
                      true
                  ) item
              ) item_and_former
            where
              value > coalesce(former, 0)
          ) history
      ) item
      cross join lateral (
        values
          (bid),
          (0)
      ) selected (bid)
  ) item
  cross join lateral (
    select
      uid,
      day
    from
      baked.post_facts
    where
      pid = item.pid
    offset
      0 /* fence: few are looked up */
  ) post;

create table baked_next.diminished_thread_records as
select distinct
  record,
  bid
from
  baked.thread_records old
where
  exists (
    select
    from
      baked_next.changed_thread_records changed
    where
      changed.tid = old.tid
  )
  and not exists (
    select
    from
      baked_next.items_thread_records new
    where
      new.record = old.record
      and new.bid = old.bid
      and new.unix_s = old.unix_s
      and new.pid = old.pid
      and new.value >= old.value
  );

-- thread_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_thread_records and baked_next.diminished_thread_records
insert into
  baked_next.items_thread_records (bid, record, value, day, pid, unix_s, tid, uid)
select
  bid,
  record,
  value,
  day,
  pid,
  unix_s,
  tid,
  uid
from
  (
    select
      item.*,
      post.uid,
      post.day
    from
      (
        select
          record,
          selected.bid,
          value,
          unix_s,
          pid,
          tid
        from
          (
            select
              record,
              bid,
              value,
              unix_s,
              pid,
              tid
            from
              (
                select
                  *
                from
                  (
                    select
                      *,
                      max(value) over (
                        partition by
                          bid
                        order by
                          unix_s,
                          pid rows between unbounded preceding
                          and 1 preceding
                      ) as former
                    from
                      (
                        select
                          'largest_thread' as record,
                          bid,
                          post_count::bigint as value,
                          opened as unix_s,
                          first_pid as pid,
                          tid
                        from
                          baked.thread_stats
                        where
                          (
                            exists (
                              select
                              from
                                baked_next.diminished_thread_records
                              where
                                record = 'largest_thread'
                                and bid = 0
                            )
                            or bid in (
                              select
                                bid
                              from
                                baked_next.diminished_thread_records
                              where
                                record = 'largest_thread'
                            )
                          )
                      ) item
                  ) item_and_former
                where
                  value > coalesce(former, 0)
              ) history
            union all
            select
              record,
              bid,
              value,
              unix_s,
              pid,
              tid
            from
              (
                select
                  *
                from
                  (
                    select
                      *,
                      max(value) over (
                        partition by
                          bid
                        order by
                          unix_s,
                          pid rows between unbounded preceding
                          and 1 preceding
                      ) as former
                    from
                      (
                        select
                          'most_participants' as record,
                          bid,
                          participants::bigint as value,
                          opened as unix_s,
                          first_pid as pid,
                          tid
                        from
                          baked.thread_stats
                        where
                          (
                            exists (
                              select
                              from
                                baked_next.diminished_thread_records
                              where
                                record = 'most_participants'
                                and bid = 0
                            )
                            or bid in (
                              select
                                bid
                              from
                                baked_next.diminished_thread_records
                              where
                                record = 'most_participants'
                            )
                          )
                      ) item
                  ) item_and_former
                where
                  value > coalesce(former, 0)
              ) history
            union all
            select
              record,
              bid,
              value,
              unix_s,
              pid,
              tid
            from
              (
                select
                  *
                from
                  (
                    select
                      *,
                      max(value) over (
                        partition by
                          bid
                        order by
                          unix_s,
                          pid rows between unbounded preceding
                          and 1 preceding
                      ) as former
                    from
                      (
                        select
                          'fastest_thread' as record,
                          bid,
                          fast_count::bigint as value,
                          opened as unix_s,
                          first_pid as pid,
                          tid
                        from
                          baked.thread_stats
                        where
                          (
                            exists (
                              select
                              from
                                baked_next.diminished_thread_records
                              where
                                record = 'fastest_thread'
                                and bid = 0
                            )
                            or bid in (
                              select
                                bid
                              from
                                baked_next.diminished_thread_records
                              where
                                record = 'fastest_thread'
                            )
                          )
                      ) item
                  ) item_and_former
                where
                  value > coalesce(former, 0)
              ) history
            union all
            select
              record,
              bid,
              value,
              unix_s,
              pid,
              tid
            from
              (
                select
                  *
                from
                  (
                    select
                      *,
                      max(value) over (
                        partition by
                          bid
                        order by
                          unix_s,
                          pid rows between unbounded preceding
                          and 1 preceding
                      ) as former
                    from
                      (
                        select
                          'longest_silence' as record,
                          bid,
                          unnest(silences_s) as value,
                          unnest(silence_times) as unix_s,
                          unnest(silence_pids) as pid,
                          tid
                        from
                          baked.thread_stats
                        where
                          (
                            exists (
                              select
                              from
                                baked_next.diminished_thread_records
                              where
                                record = 'longest_silence'
                                and bid = 0
                            )
                            or bid in (
                              select
                                bid
                              from
                                baked_next.diminished_thread_records
                              where
                                record = 'longest_silence'
                            )
                          )
                      ) item
                  ) item_and_former
                where
                  value > coalesce(former, 0)
              ) history
          ) item
          cross join lateral (
            values
              (bid),
              (0)
          ) selected (bid)
      ) item
      cross join lateral (
        select
          uid,
          day
        from
          baked.post_facts
        where
          pid = item.pid
        offset
          0 /* fence: few are looked up */
      ) post
  ) item
where
  (record, bid) in (
    select
      record,
      bid
    from
      baked_next.diminished_thread_records
  );

-- thread_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_thread_records
create table baked_next.thread_records as
select
  record::text collate "C" as record,
  bid::integer as bid,
  value::bigint as value,
  day::date as day,
  pid::integer as pid,
  unix_s::bigint as unix_s,
  tid::integer as tid,
  uid::integer as uid
from
  (
    select
      *
    from
      (
        select
          *,
          max(value) over (
            partition by
              record,
              bid
            order by
              unix_s,
              pid,
              value desc rows between unbounded preceding
              and 1 preceding
          ) as former
        from
          (
            select
              bid,
              record,
              value,
              day,
              pid,
              unix_s,
              tid,
              uid
            from
              baked.thread_records old
            where
              not exists (
                select
                from
                  baked_next.changed_thread_records changed
                where
                  changed.tid = old.tid
              )
            union all
            select
              bid,
              record,
              value,
              day,
              pid,
              unix_s,
              tid,
              uid
            from
              baked_next.items_thread_records
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

analyze "baked_next"."thread_records" ("record", "bid", "value", "day", "pid", "unix_s", "tid", "uid");

-- thread_records: updated, if there are rows in baked_next.changed_thread_records
delete from baked.thread_records t
where
  not exists (
    select
    from
      baked_next.thread_records n
    where
      n.bid = t.bid
      and n.record = t.record
      and n.value = t.value
  );

insert into
  baked.thread_records as t (bid, record, value, day, pid, unix_s, tid, uid)
select
  bid,
  record,
  value,
  day,
  pid,
  unix_s,
  tid,
  uid
from
  baked_next.thread_records
on conflict (bid, record, value) do update
set
  day = excluded.day,
  pid = excluded.pid,
  unix_s = excluded.unix_s,
  tid = excluded.tid,
  uid = excluded.uid
where
  (t.day, t.pid, t.unix_s, t.tid, t.uid) is distinct from (excluded.day, excluded.pid, excluded.unix_s, excluded.tid, excluded.uid);

-- thread_replies: changes, computed after its sources are updated
create table baked_next.changed_thread_replies as
select distinct
  selection.*
from
  (
    select
      old_year as year,
      old_bid as bid
    from
      baked_next.changed_thread_stats
    where
      old_year is not null
    union
    select
      year,
      bid
    from
      baked_next.changed_thread_stats
      join baked.thread_stats using (tid)
  ) changed
  cross join lateral (
    values
      (year, bid),
      (year, 0),
      (0, bid),
      (0, 0)
  ) selection (year, bid);

analyze baked_next.changed_thread_replies;

-- thread_replies: changes, computed after its sources are updated, if there are rows in baked_next.changed_thread_replies
create table baked_next.thread_replies as
select
  year::smallint as year,
  bid::integer as bid,
  threads::integer as threads,
  unanswered::integer as unanswered,
  (first_reply_s[1])::bigint as first_reply_p50_s,
  (first_reply_s[2])::bigint as first_reply_p90_s,
  (lifetime_s[1])::bigint as lifetime_p50_s,
  (lifetime_s[2])::bigint as lifetime_p90_s
from
  (
    select
      coalesce(year, 0) as year,
      coalesce(bid, 0) as bid,
      count(*) as threads,
      count(*) filter (
        where
          first_reply_s is null
      ) as unanswered,
      percentile_disc(array[0.5, 0.9]) within group (
        order by
          first_reply_s
      ) as first_reply_s,
      percentile_disc(array[0.5, 0.9]) within group (
        order by
          lifetime_s
      ) as lifetime_s
    from
      (
        select
          *
        from
          baked.thread_stats
        where
          exists (
            select
            from
              baked_next.changed_thread_replies
          )
      ) thread_stats
    group by
      grouping sets ((year, bid), (year), (bid), ())
    having
      count(*) > 0
  ) of_selection;

analyze "baked_next"."thread_replies" (
  "year",
  "bid",
  "threads",
  "unanswered",
  "first_reply_p50_s",
  "first_reply_p90_s",
  "lifetime_p50_s",
  "lifetime_p90_s"
);

-- thread_replies: updated, if there are rows in baked_next.changed_thread_replies
delete from baked.thread_replies t using baked_next.changed_thread_replies changed
where
  t.year = changed.year
  and t.bid = changed.bid
  and not exists (
    select
    from
      baked_next.thread_replies n
    where
      n.bid = t.bid
      and n.year = t.year
  );

insert into
  baked.thread_replies as t (
    bid,
    year,
    threads,
    unanswered,
    first_reply_p50_s,
    first_reply_p90_s,
    lifetime_p50_s,
    lifetime_p90_s
  )
select
  bid,
  year,
  threads,
  unanswered,
  first_reply_p50_s,
  first_reply_p90_s,
  lifetime_p50_s,
  lifetime_p90_s
from
  baked_next.thread_replies
on conflict (bid, year) do update
set
  threads = excluded.threads,
  unanswered = excluded.unanswered,
  first_reply_p50_s = excluded.first_reply_p50_s,
  first_reply_p90_s = excluded.first_reply_p90_s,
  lifetime_p50_s = excluded.lifetime_p50_s,
  lifetime_p90_s = excluded.lifetime_p90_s
where
  (
    t.threads,
    t.unanswered,
    t.first_reply_p50_s,
    t.first_reply_p90_s,
    t.lifetime_p50_s,
    t.lifetime_p90_s
  ) is distinct from (
    excluded.threads,
    excluded.unanswered,
    excluded.first_reply_p50_s,
    excluded.first_reply_p90_s,
    excluded.lifetime_p50_s,
    excluded.lifetime_p90_s
  );

-- user_days: updated
insert into
  baked.user_days as t (uid, bid, day, post_count, edit_count, posts_length, threads_created)
select
  uid,
  bid,
  day,
  sum(post_count),
  sum(edit_count),
  sum(posts_length),
  sum(threads_created)
from
  baked_next.user_days
group by
  uid,
  bid,
  day
having
  sum(post_count) <> 0
  or sum(edit_count) <> 0
  or sum(posts_length) <> 0
  or sum(threads_created) <> 0
on conflict (uid, bid, day) do update
set
  post_count = t.post_count + excluded.post_count,
  edit_count = t.edit_count + excluded.edit_count,
  posts_length = t.posts_length + excluded.posts_length,
  threads_created = t.threads_created + excluded.threads_created;

delete from baked.user_days t using baked_next.user_days delta
where
  t.uid = delta.uid
  and t.bid = delta.bid
  and t.day = delta.day
  and t.post_count = 0
  and t.edit_count = 0
  and t.posts_length = 0
  and t.threads_created = 0;

-- user_streaks: changes, computed after its sources are updated
create table baked_next.changed_user_streaks as
select distinct
  uid
from
  (
    select
      uid,
      day,
      sum(post_count) as gained
    from
      baked_next.user_days
    group by
      uid,
      day
    having
      sum(post_count) <> 0
  ) delta
  cross join lateral (
    select
      coalesce(sum(post_count), 0) as post_count
    from
      baked.user_days existing
    where
      existing.uid = delta.uid
      and existing.day = delta.day
      and existing.bid = any (
        (
          select
            array_agg(bid)
          from
            public.boards
        )::int[]
      )
  ) now
where
  post_count in (0, gained);

analyze baked_next.changed_user_streaks;

-- user_streaks: changes, computed after its sources are updated, if there are rows in baked_next.changed_user_streaks
create table baked_next.user_streaks as
select
  uid::integer as uid,
  (cardinality(days))::integer as active_days,
  first_day::date as first_day,
  last_day::date as last_day,
  longest_days::integer as longest_days,
  longest_from::date as longest_from,
  (last_day - running_from + 1)::integer as running_days,
  pause_days::integer as pause_days,
  (last_comeback - pause_days)::date as pause_from,
  weeks::integer as weeks,
  weeks_from::date as weeks_from,
  streak_days::integer[] as streak_days,
  streak_froms::date[] as streak_froms,
  pauses_days::integer[] as pauses_days,
  comebacks::date[] as comebacks
from
  (
    select
      uid,
      days,
      days[1] as first_day,
      days[cardinality(days)] as last_day
    from
      (
        select
          uid,
          array_agg(
            day
            order by
              day
          ) as days
        from
          (
            select
              uid,
              day,
              sum(post_count)::int as post_count,
              count(*)::int as boards
            from
              (
                select
                  user_days.*
                from
                  baked.user_days
                  join baked_next.changed_user_streaks using (uid)
              ) of_board
            group by
              uid,
              day
          ) user_dates
        group by
          uid
      ) of_user
  ) of_user
  cross join lateral (
    select
      max(days_in_row) as longest_days,
      max(day) filter (
        where
          is_record
      ) as longest_from,
      max(day) as running_from,
      max(pause) as pause_days,
      max(day) filter (
        where
          is_record_pause
      ) as last_comeback,
      coalesce(
        array_agg(
          days_in_row
          order by
            at
        ) filter (
          where
            is_record
        ),
        '{}'
      ) as streak_days,
      coalesce(
        array_agg(
          day
          order by
            at
        ) filter (
          where
            is_record
        ),
        '{}'
      ) as streak_froms,
      coalesce(
        array_agg(
          pause
          order by
            at
        ) filter (
          where
            is_record_pause
        ),
        '{}'
      ) as pauses_days,
      coalesce(
        array_agg(
          day
          order by
            at
        ) filter (
          where
            is_record_pause
        ),
        '{}'
      ) as comebacks
    from
      (
        select
          *,
          days_in_row > coalesce(max(days_in_row) over earlier, 0) as is_record,
          pause > coalesce(max(pause) over earlier, 0) as is_record_pause
        from
          (
            select
              at,
              day,
              day - previous - 1 as pause,
              coalesce(
                lead(at) over (
                  order by
                    at
                ),
                cardinality(days) + 1
              ) - at as days_in_row
            from
              unnest(days, array_prepend(null::date, days)) with ordinality as active (day, previous, at)
            where
              previous is null
              or day - previous > 1
          ) streak
        window
          earlier as (
            order by
              at rows between unbounded preceding
              and 1 preceding
          )
      ) with_records
  ) of_streaks
  cross join lateral (
    select
      max(weeks) as weeks,
      date '0001-01-01' + 7 * (
        array_agg(
          week
          order by
            weeks desc,
            week
        )
      ) [1] as weeks_from
    from
      (
        select
          week,
          coalesce(
            lead(previous) over (
              order by
                at
            ),
            (days[cardinality(days)] - date '0001-01-01') / 7
          ) - week + 1 as weeks
        from
          (
            select
              at,
              (day - date '0001-01-01') / 7 as week,
              (previous - date '0001-01-01') / 7 as previous
            from
              unnest(days, array_prepend(null::date, days)) with ordinality as active (day, previous, at)
            where
              day is not null
          ) of_day
        where
          previous is null
          or week - previous > 1
      ) series
  ) of_weeks;

analyze "baked_next"."user_streaks" (
  "uid",
  "active_days",
  "first_day",
  "last_day",
  "longest_days",
  "longest_from",
  "running_days",
  "pause_days",
  "pause_from",
  "weeks",
  "weeks_from"
);

-- user_streaks: updated, if there are rows in baked_next.changed_user_streaks
delete from baked.user_streaks t using baked_next.changed_user_streaks changed
where
  t.uid = changed.uid
  and not exists (
    select
    from
      baked_next.user_streaks n
    where
      n.uid = t.uid
  );

insert into
  baked.user_streaks as t (
    uid,
    active_days,
    first_day,
    last_day,
    longest_days,
    longest_from,
    running_days,
    pause_days,
    pause_from,
    weeks,
    weeks_from,
    streak_days,
    streak_froms,
    pauses_days,
    comebacks
  )
select
  uid,
  active_days,
  first_day,
  last_day,
  longest_days,
  longest_from,
  running_days,
  pause_days,
  pause_from,
  weeks,
  weeks_from,
  streak_days,
  streak_froms,
  pauses_days,
  comebacks
from
  baked_next.user_streaks
on conflict (uid) do update
set
  active_days = excluded.active_days,
  first_day = excluded.first_day,
  last_day = excluded.last_day,
  longest_days = excluded.longest_days,
  longest_from = excluded.longest_from,
  running_days = excluded.running_days,
  pause_days = excluded.pause_days,
  pause_from = excluded.pause_from,
  weeks = excluded.weeks,
  weeks_from = excluded.weeks_from,
  streak_days = excluded.streak_days,
  streak_froms = excluded.streak_froms,
  pauses_days = excluded.pauses_days,
  comebacks = excluded.comebacks
where
  (
    t.active_days,
    t.first_day,
    t.last_day,
    t.longest_days,
    t.longest_from,
    t.running_days,
    t.pause_days,
    t.pause_from,
    t.weeks,
    t.weeks_from,
    t.streak_days,
    t.streak_froms,
    t.pauses_days,
    t.comebacks
  ) is distinct from (
    excluded.active_days,
    excluded.first_day,
    excluded.last_day,
    excluded.longest_days,
    excluded.longest_from,
    excluded.running_days,
    excluded.pause_days,
    excluded.pause_from,
    excluded.weeks,
    excluded.weeks_from,
    excluded.streak_days,
    excluded.streak_froms,
    excluded.pauses_days,
    excluded.comebacks
  );

-- daily_stats: changes, computed after its sources are updated
insert into
  baked_next.daily_stats (bid, day, active_users, post_count, edit_count, posts_length, threads_created)
select
  bid,
  day,
  - count(*),
  0,
  0,
  0,
  0
from
  (
    select
      day,
      coalesce(bid, 0) as bid,
      uid,
      sum(post_count) as post_count
    from
      baked_next.user_days
    group by
      grouping sets ((day, bid, uid), (day, uid))
  ) delta
where
  post_count < 0
  and not exists (
    select
    from
      baked.user_days existing
    where
      existing.uid = delta.uid
      and existing.day = delta.day
      and existing.bid = any (
        case delta.bid
          when 0 then (
            select
              array_agg(bid)
            from
              public.boards
          )
          else array[delta.bid]
        end
      )
  )
group by
  bid,
  day;

-- daily_stats: updated
insert into
  baked.daily_stats as t (bid, day, post_count, edit_count, posts_length, threads_created, active_users)
select
  bid,
  day,
  sum(post_count),
  sum(edit_count),
  sum(posts_length),
  sum(threads_created),
  sum(active_users)
from
  baked_next.daily_stats
group by
  bid,
  day
having
  sum(post_count) <> 0
  or sum(edit_count) <> 0
  or sum(posts_length) <> 0
  or sum(threads_created) <> 0
  or sum(active_users) <> 0
on conflict (bid, day) do update
set
  post_count = t.post_count + excluded.post_count,
  edit_count = t.edit_count + excluded.edit_count,
  posts_length = t.posts_length + excluded.posts_length,
  threads_created = t.threads_created + excluded.threads_created,
  active_users = t.active_users + excluded.active_users;

delete from baked.daily_stats t using baked_next.daily_stats delta
where
  t.bid = delta.bid
  and t.day = delta.day
  and t.post_count = 0
  and t.edit_count = 0
  and t.posts_length = 0
  and t.threads_created = 0
  and t.active_users = 0;

-- day_records: changes, computed after its sources are updated
create table baked_next.changed_day_records as
with
  days as (
    select
      bid,
      day
    from
      baked_next.daily_stats
    group by
      bid,
      day
    having
      sum(post_count) <> 0
      or sum(active_users) <> 0
  )
select distinct
  'busiest_day' as record,
  bid,
  day as day
from
  days
union all
select distinct
  'busiest_week' as record,
  bid,
  (day - (day - date '0001-01-01') % 7) as day
from
  days
union all
select distinct
  'busiest_month' as record,
  bid,
  (day - date_part('day', day)::int + 1) as day
from
  days
union all
select distinct
  'busiest_year' as record,
  bid,
  (day - date_part('doy', day)::int + 1) as day
from
  days
union all
select distinct
  'most_people' as record,
  bid,
  day as day
from
  days;

analyze baked_next.changed_day_records;

-- day_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_day_records
create table baked_next.items_day_records as
select
  record,
  bid,
  value,
  day
from
  baked_next.changed_day_records changed
  cross join lateral (
    select
      sum(post_count)::bigint as value
    from
      baked.daily_stats existing
    where
      existing.bid = changed.bid
      and existing.day >= changed.day
      and existing.day < changed.day + 1
  ) now
where
  record = 'busiest_day'
  and value > 0
union all
select
  record,
  bid,
  value,
  day
from
  baked_next.changed_day_records changed
  cross join lateral (
    select
      sum(post_count)::bigint as value
    from
      baked.daily_stats existing
    where
      existing.bid = changed.bid
      and existing.day >= changed.day
      and existing.day < changed.day + 7
  ) now
where
  record = 'busiest_week'
  and value > 0
union all
select
  record,
  bid,
  value,
  day
from
  baked_next.changed_day_records changed
  cross join lateral (
    select
      sum(post_count)::bigint as value
    from
      baked.daily_stats existing
    where
      existing.bid = changed.bid
      and existing.day >= changed.day
      and existing.day < (changed.day + interval '1 month')::date
  ) now
where
  record = 'busiest_month'
  and value > 0
union all
select
  record,
  bid,
  value,
  day
from
  baked_next.changed_day_records changed
  cross join lateral (
    select
      sum(post_count)::bigint as value
    from
      baked.daily_stats existing
    where
      existing.bid = changed.bid
      and existing.day >= changed.day
      and existing.day < (changed.day + interval '1 year')::date
  ) now
where
  record = 'busiest_year'
  and value > 0
union all
select
  record,
  bid,
  active_users::bigint as value,
  day
from
  baked_next.changed_day_records
  join baked.daily_stats using (bid, day)
where
  record = 'most_people';

create table baked_next.diminished_day_records as
select distinct
  record,
  bid
from
  baked.day_records old
where
  exists (
    select
    from
      baked_next.changed_day_records changed
    where
      changed.record = old.record
      and changed.bid = old.bid
      and changed.day = old.day
  )
  and not exists (
    select
    from
      baked_next.items_day_records new
    where
      new.record = old.record
      and new.bid = old.bid
      and new.day = old.day
      and new.value >= old.value
  );

-- day_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_day_records and baked_next.diminished_day_records
insert into
  baked_next.items_day_records (bid, record, value, day)
select
  bid,
  record,
  value,
  day
from
  (
    select
      record,
      bid,
      value,
      day
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  'busiest_day' as record,
                  bid,
                  post_count::bigint as value,
                  day as day
                from
                  baked.daily_stats
                where
                  bid in (
                    select
                      bid
                    from
                      baked_next.diminished_day_records
                    where
                      record = 'busiest_day'
                  )
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  'busiest_week' as record,
                  bid,
                  sum(post_count)::bigint as value,
                  (day - (day - date '0001-01-01') % 7) as day
                from
                  baked.daily_stats
                where
                  bid in (
                    select
                      bid
                    from
                      baked_next.diminished_day_records
                    where
                      record = 'busiest_week'
                  )
                group by
                  bid,
                  (day - (day - date '0001-01-01') % 7)
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  'busiest_month' as record,
                  bid,
                  sum(post_count)::bigint as value,
                  (day - date_part('day', day)::int + 1) as day
                from
                  baked.daily_stats
                where
                  bid in (
                    select
                      bid
                    from
                      baked_next.diminished_day_records
                    where
                      record = 'busiest_month'
                  )
                group by
                  bid,
                  (day - date_part('day', day)::int + 1)
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  'busiest_year' as record,
                  bid,
                  sum(post_count)::bigint as value,
                  (day - date_part('doy', day)::int + 1) as day
                from
                  baked.daily_stats
                where
                  bid in (
                    select
                      bid
                    from
                      baked_next.diminished_day_records
                    where
                      record = 'busiest_year'
                  )
                group by
                  bid,
                  (day - date_part('doy', day)::int + 1)
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  'most_people' as record,
                  bid,
                  active_users::bigint as value,
                  day
                from
                  baked.daily_stats
                where
                  bid in (
                    select
                      bid
                    from
                      baked_next.diminished_day_records
                    where
                      record = 'most_people'
                  )
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
  ) item
where
  (record, bid) in (
    select
      record,
      bid
    from
      baked_next.diminished_day_records
  );

-- day_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_day_records
create table baked_next.day_records as
select
  record::text collate "C" as record,
  bid::integer as bid,
  value::bigint as value,
  day::date as day
from
  (
    select
      *
    from
      (
        select
          *,
          max(value) over (
            partition by
              record,
              bid
            order by
              day,
              value desc rows between unbounded preceding
              and 1 preceding
          ) as former
        from
          (
            select
              bid,
              record,
              value,
              day
            from
              baked.day_records old
            where
              not exists (
                select
                from
                  baked_next.changed_day_records changed
                where
                  changed.record = old.record
                  and changed.bid = old.bid
                  and changed.day = old.day
              )
            union all
            select
              bid,
              record,
              value,
              day
            from
              baked_next.items_day_records
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

analyze "baked_next"."day_records" ("record", "bid", "value", "day");

-- day_records: updated, if there are rows in baked_next.changed_day_records
delete from baked.day_records t
where
  not exists (
    select
    from
      baked_next.day_records n
    where
      n.bid = t.bid
      and n.record = t.record
      and n.value = t.value
  );

insert into
  baked.day_records as t (bid, record, value, day)
select
  bid,
  record,
  value,
  day
from
  baked_next.day_records
on conflict (bid, record, value) do update
set
  day = excluded.day
where
  (t.day) is distinct from (excluded.day);

-- milestones: changes, computed after its sources are updated
create table baked_next.changed_milestones as
select
  bid
from
  (
    select
      selected.bid,
      min(unix_s) as unix_s,
      sum(gained) as gained
    from
      (
        select
          bid,
          unix_s,
          sum(sign) as gained
        from
          baked_next.counted_posts
        group by
          bid,
          unix_s,
          pid,
          tid,
          uid
        having
          sum(sign) <> 0
      ) changed
      cross join lateral (
        values
          (bid),
          (0)
      ) selected (bid)
    group by
      selected.bid
  ) changed
  cross join lateral (
    select
      max(number) as number,
      max(unix_s) as last_unix_s
    from
      baked.milestones existing
    where
      existing.bid = changed.bid
  ) last
where
  number is null
  or unix_s <= last_unix_s
  or (
    select
      post_count
    from
      baked.yearly_stats existing
    where
      existing.year = 0
      and existing.bid = changed.bid
  ) + greatest(gained, 0) >= case
    when number < 1000000 then 10 * number
    else number + 1000000
  end;

analyze baked_next.changed_milestones;

-- milestones: changes, computed after its sources are updated, if there are rows in baked_next.changed_milestones
create table baked_next.milestones as
select
  bid::integer as bid,
  number::integer as number,
  day::date as day,
  pid::integer as pid,
  unix_s::bigint as unix_s,
  tid::integer as tid,
  uid::integer as uid
from
  (
    with
      target as materialized (
        select
          bid,
          number,
          reached - post_count - case
            when previous_day = day - 1 then previous_count
            else 0
          end as skipped,
          day + near as day
        from
          (
            select
              bid,
              day,
              post_count,
              sum(post_count) over of_board as reached,
              lag(day) over of_board as previous_day,
              lag(post_count) over of_board as previous_count
            from
              (
                select
                  daily_stats.*
                from
                  baked.daily_stats
                  join baked_next.changed_milestones using (bid)
              ) daily_stats
            window
              of_board as (
                partition by
                  bid
                order by
                  day
              )
          ) of_day
          cross join lateral (
            select
              (10 ^ n)::int as number
            from
              generate_series(0, 5) n
            union all
            select
              1000000 * n
            from
              generate_series((reached - post_count)::int / 1000000 + 1, reached::int / 1000000) n
          ) milestone
          cross join generate_series(-1, 1) near
          /* most days reach no number: no further digit, no further million */
        where
          (
            reached = post_count
            or length(reached::text) > length((reached - post_count)::text)
            or reached / 1000000 > (reached - post_count) / 1000000
          )
          and number > reached - post_count
          and number <= reached
      )
    select
      target.bid,
      number,
      f.day,
      f.pid,
      f.unix_s,
      f.tid,
      f.uid,
      skipped + row_number() over (
        partition by
          target.bid,
          number
        order by
          f.unix_s,
          f.pid
      ) as place
    from
      target
      join (
        select
          day,
          bid,
          pid,
          unix_s,
          tid,
          uid
        from
          (
            select
              f.*
            from
              (
                select distinct
                  day
                from
                  (
                    select
                      bid,
                      number,
                      reached - post_count - case
                        when previous_day = day - 1 then previous_count
                        else 0
                      end as skipped,
                      day + near as day
                    from
                      (
                        select
                          bid,
                          day,
                          post_count,
                          sum(post_count) over of_board as reached,
                          lag(day) over of_board as previous_day,
                          lag(post_count) over of_board as previous_count
                        from
                          (
                            select
                              daily_stats.*
                            from
                              baked.daily_stats
                              join baked_next.changed_milestones using (bid)
                          ) of_board
                        window
                          of_board as (
                            partition by
                              bid
                            order by
                              day
                          )
                      ) of_day
                      cross join lateral (
                        select
                          (10 ^ n)::int as number
                        from
                          generate_series(0, 5) n
                        union all
                        select
                          1000000 * n
                        from
                          generate_series((reached - post_count)::int / 1000000 + 1, reached::int / 1000000) n
                      ) milestone
                      cross join generate_series(-1, 1) near
                      /* most days reach no number: no further digit, no further million */
                    where
                      (
                        reached = post_count
                        or length(reached::text) > length((reached - post_count)::text)
                        or reached / 1000000 > (reached - post_count) / 1000000
                      )
                      and number > reached - post_count
                      and number <= reached
                  ) near
              ) g
              cross join lateral (
                select
                  f.*
                from
                  (
                    select
                      pid
                    from
                      public.posts
                    where
                      timestamp between timezone (
                        'UTC',
                        timezone (
                          (
                            select
                              timezone
                            from
                              baked.analysis
                          ),
                          (g.day)::timestamp
                        )
                      ) - interval '2 hours' and timezone (
                        'UTC',
                        timezone (
                          (
                            select
                              timezone
                            from
                              baked.analysis
                          ),
                          (g.day + 1)::timestamp
                        )
                      ) + interval '2 hours'
                    offset
                      0 /* fence: looked up one by one, whatever the planner expects */
                  ) p
                  cross join lateral (
                    select
                      1 as sign,
                      f.*
                    from
                      baked.post_facts f
                    where
                      f.uid is not null
                      and f.bid is not null
                      and f.day is not null
                      and f.pid = p.pid
                    offset
                      0 /* fence: looked up one by one, whatever the planner expects */
                  ) f
                where
                  f.day = g.day
              ) f
          ) counted_posts
          /* "is true" keeps the planner from joining: few posts are left */
        where
          (
            day in (
              select distinct
                day
              from
                target
            )
          ) is true
      ) f on f.day = target.day
      and target.bid in (0, f.bid)
  ) near
where
  place = number;

analyze "baked_next"."milestones" ("bid", "number", "day", "pid", "unix_s", "tid", "uid");

-- milestones: updated, if there are rows in baked_next.changed_milestones
delete from baked.milestones t using baked_next.changed_milestones changed
where
  t.bid = changed.bid
  and not exists (
    select
    from
      baked_next.milestones n
    where
      n.bid = t.bid
      and n.number = t.number
  );

insert into
  baked.milestones as t (bid, number, day, pid, unix_s, tid, uid)
select
  bid,
  number,
  day,
  pid,
  unix_s,
  tid,
  uid
from
  baked_next.milestones
on conflict (bid, number) do update
set
  day = excluded.day,
  pid = excluded.pid,
  unix_s = excluded.unix_s,
  tid = excluded.tid,
  uid = excluded.uid
where
  (t.day, t.pid, t.unix_s, t.tid, t.uid) is distinct from (excluded.day, excluded.pid, excluded.unix_s, excluded.tid, excluded.uid);

-- poster_stats: updated
insert into
  baked.poster_stats as t (
    uid,
    bid,
    year,
    post_level,
    post_count,
    edit_count,
    posts_length,
    avg_post_length,
    threads_created,
    quoted_count,
    quotes_count
  )
select
  uid,
  bid,
  year,
  width_bucket(sum(post_count), array[2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000]),
  sum(post_count),
  sum(edit_count),
  sum(posts_length),
  least(
    greatest(
      coalesce(div(2 * (sum(posts_length)) + (sum(post_count)), nullif(2 * (sum(post_count)), 0)), 0),
      -2147483648
    ),
    2147483647
  ),
  sum(threads_created),
  sum(quoted_count),
  sum(quotes_count)
from
  baked_next.poster_stats
group by
  uid,
  bid,
  year
having
  sum(post_count) <> 0
  or sum(edit_count) <> 0
  or sum(posts_length) <> 0
  or sum(threads_created) <> 0
  or sum(quoted_count) <> 0
  or sum(quotes_count) <> 0
on conflict (uid, bid, year) do update
set
  post_level = width_bucket(
    t.post_count + excluded.post_count,
    array[2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000]
  ),
  post_count = t.post_count + excluded.post_count,
  edit_count = t.edit_count + excluded.edit_count,
  posts_length = t.posts_length + excluded.posts_length,
  avg_post_length = least(
    greatest(
      coalesce(
        div(
          2 * (t.posts_length + excluded.posts_length) + (t.post_count + excluded.post_count),
          nullif(2 * (t.post_count + excluded.post_count), 0)
        ),
        0
      ),
      -2147483648
    ),
    2147483647
  ),
  threads_created = t.threads_created + excluded.threads_created,
  quoted_count = t.quoted_count + excluded.quoted_count,
  quotes_count = t.quotes_count + excluded.quotes_count;

delete from baked.poster_stats t using baked_next.poster_stats delta
where
  t.uid = delta.uid
  and t.bid = delta.bid
  and t.year = delta.year
  and t.post_count = 0
  and t.edit_count = 0
  and t.posts_length = 0
  and t.threads_created = 0
  and t.quoted_count = 0
  and t.quotes_count = 0;

-- user_records: changes, computed after its sources are updated
create table baked_next.changed_user_records as
with
  days as (
    select
      uid,
      coalesce(bid, 0) as bid,
      day
    from
      baked_next.user_days
    group by
      grouping sets ((uid, bid, day), (uid, day))
    having
      sum(post_count) <> 0
  ),
  any_board as (
    select
      uid,
      day
    from
      baked_next.user_days
    group by
      uid,
      bid,
      day
    having
      sum(post_count) <> 0
  )
select distinct
  'user_day' as record,
  bid,
  day as day,
  uid
from
  days
union all
select distinct
  'user_week' as record,
  bid,
  (day - (day - date '0001-01-01') % 7) as day,
  uid
from
  days
union all
select distinct
  'user_month' as record,
  bid,
  (day - date_part('day', day)::int + 1) as day,
  uid
from
  days
union all
select distinct
  'user_year' as record,
  bid,
  (day - date_part('doy', day)::int + 1) as day,
  uid
from
  days
union all
select distinct
  'most_boards',
  0,
  day,
  uid
from
  any_board;

analyze baked_next.changed_user_records;

-- user_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_user_records
create table baked_next.items_user_records as
select
  record,
  bid,
  value,
  day,
  uid
from
  baked_next.changed_user_records changed
  cross join lateral (
    select
      sum(post_count)::bigint as value
    from
      baked.user_days existing
    where
      existing.uid = changed.uid
      and existing.day >= changed.day
      and existing.day < changed.day + 1
      and existing.bid = any (
        case changed.bid
          when 0 then (
            select
              array_agg(bid)
            from
              public.boards
          )
          else array[changed.bid]
        end
      )
  ) now
where
  record = 'user_day'
  and value > 0
union all
select
  record,
  bid,
  value,
  day,
  uid
from
  baked_next.changed_user_records changed
  cross join lateral (
    select
      sum(post_count)::bigint as value
    from
      baked.user_days existing
    where
      existing.uid = changed.uid
      and existing.day >= changed.day
      and existing.day < changed.day + 7
      and existing.bid = any (
        case changed.bid
          when 0 then (
            select
              array_agg(bid)
            from
              public.boards
          )
          else array[changed.bid]
        end
      )
  ) now
where
  record = 'user_week'
  and value > 0
union all
select
  record,
  bid,
  value,
  day,
  uid
from
  baked_next.changed_user_records changed
  cross join lateral (
    select
      sum(post_count)::bigint as value
    from
      baked.user_days existing
    where
      existing.uid = changed.uid
      and existing.day >= changed.day
      and existing.day < (changed.day + interval '1 month')::date
      and existing.bid = any (
        case changed.bid
          when 0 then (
            select
              array_agg(bid)
            from
              public.boards
          )
          else array[changed.bid]
        end
      )
  ) now
where
  record = 'user_month'
  and value > 0
union all
select
  record,
  bid,
  value,
  day,
  uid
from
  baked_next.changed_user_records changed
  cross join lateral (
    select
      sum(post_count)::bigint as value
    from
      baked.user_days existing
    where
      existing.uid = changed.uid
      and existing.day >= changed.day
      and existing.day < (changed.day + interval '1 year')::date
      and existing.bid = any (
        case changed.bid
          when 0 then (
            select
              array_agg(bid)
            from
              public.boards
          )
          else array[changed.bid]
        end
      )
  ) now
where
  record = 'user_year'
  and value > 0
union all
select
  record,
  bid,
  value,
  day,
  uid
from
  baked_next.changed_user_records changed
  cross join lateral (
    select
      count(*) as value
    from
      baked.user_days existing
    where
      existing.uid = changed.uid
      and existing.day = changed.day
      and existing.bid = any (
        (
          select
            array_agg(bid)
          from
            public.boards
        )::int[]
      )
  ) now
where
  record = 'most_boards'
  and value > 0;

create table baked_next.diminished_user_records as
select distinct
  record,
  bid
from
  baked.user_records old
where
  exists (
    select
    from
      baked_next.changed_user_records changed
    where
      changed.record = old.record
      and changed.bid = old.bid
      and changed.day = old.day
      and changed.uid = old.uid
  )
  and not exists (
    select
    from
      baked_next.items_user_records new
    where
      new.record = old.record
      and new.bid = old.bid
      and new.day = old.day
      and new.uid = old.uid
      and new.value >= old.value
  );

-- user_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_user_records and baked_next.diminished_user_records
insert into
  baked_next.items_user_records (bid, record, value, day, uid)
select
  bid,
  record,
  value,
  day,
  uid
from
  (
    select
      record,
      bid,
      value,
      day,
      uid
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  record,
                  bid,
                  ((best + 4294967295) >> 32) as value,
                  day,
                  ((((best + 4294967295) >> 32) << 32) - best - 2147483648)::int as uid
                from
                  (
                    select
                      'user_day' as record,
                      bid as bid,
                      day as day,
                      max(((post_count)::bigint << 32) - (uid + 2147483648)) as best
                    from
                      baked.user_days
                    where
                      bid in (
                        select
                          bid
                        from
                          baked_next.diminished_user_records
                        where
                          record = 'user_day'
                      )
                    group by
                      bid,
                      day
                  ) of_period
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day,
      uid
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  record,
                  bid,
                  ((best + 4294967295) >> 32) as value,
                  day,
                  ((((best + 4294967295) >> 32) << 32) - best - 2147483648)::int as uid
                from
                  (
                    select
                      'user_day' as record,
                      0 as bid,
                      day as day,
                      max(((post_count)::bigint << 32) - (uid + 2147483648)) as best
                    from
                      (
                        select
                          uid,
                          day,
                          sum(post_count)::int as post_count,
                          count(*)::int as boards
                        from
                          baked.user_days
                        group by
                          uid,
                          day
                      ) user_dates
                    where
                      exists (
                        select
                        from
                          baked_next.diminished_user_records
                        where
                          record = 'user_day'
                          and bid = 0
                      )
                    group by
                      day
                  ) of_period
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day,
      uid
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  record,
                  bid,
                  ((best + 4294967295) >> 32) as value,
                  day,
                  ((((best + 4294967295) >> 32) << 32) - best - 2147483648)::int as uid
                from
                  (
                    select
                      'user_week' as record,
                      bid as bid,
                      period as day,
                      max(((post_count)::bigint << 32) - (uid + 2147483648)) as best
                    from
                      (
                        select
                          uid,
                          bid,
                          (day - (day - date '0001-01-01') % 7) as period,
                          sum(post_count) as post_count
                        from
                          baked.user_days
                        where
                          bid in (
                            select
                              bid
                            from
                              baked_next.diminished_user_records
                            where
                              record = 'user_week'
                          )
                        group by
                          uid,
                          bid,
                          (day - (day - date '0001-01-01') % 7)
                      ) of_period
                    group by
                      bid,
                      period
                  ) of_period
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day,
      uid
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  record,
                  bid,
                  ((best + 4294967295) >> 32) as value,
                  day,
                  ((((best + 4294967295) >> 32) << 32) - best - 2147483648)::int as uid
                from
                  (
                    select
                      'user_week' as record,
                      0 as bid,
                      period as day,
                      max(((post_count)::bigint << 32) - (uid + 2147483648)) as best
                    from
                      (
                        select
                          uid,
                          (day - (day - date '0001-01-01') % 7) as period,
                          sum(post_count) as post_count
                        from
                          (
                            select
                              uid,
                              day,
                              sum(post_count)::int as post_count,
                              count(*)::int as boards
                            from
                              baked.user_days
                            group by
                              uid,
                              day
                          ) user_dates
                        where
                          exists (
                            select
                            from
                              baked_next.diminished_user_records
                            where
                              record = 'user_week'
                              and bid = 0
                          )
                        group by
                          uid,
                          (day - (day - date '0001-01-01') % 7)
                      ) of_period
                    group by
                      period
                  ) of_period
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day,
      uid
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  record,
                  bid,
                  ((best + 4294967295) >> 32) as value,
                  day,
                  ((((best + 4294967295) >> 32) << 32) - best - 2147483648)::int as uid
                from
                  (
                    select
                      'user_month' as record,
                      bid as bid,
                      period as day,
                      max(((post_count)::bigint << 32) - (uid + 2147483648)) as best
                    from
                      (
                        select
                          uid,
                          bid,
                          (day - date_part('day', day)::int + 1) as period,
                          sum(post_count) as post_count
                        from
                          baked.user_days
                        where
                          bid in (
                            select
                              bid
                            from
                              baked_next.diminished_user_records
                            where
                              record = 'user_month'
                          )
                        group by
                          uid,
                          bid,
                          (day - date_part('day', day)::int + 1)
                      ) of_period
                    group by
                      bid,
                      period
                  ) of_period
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day,
      uid
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  record,
                  bid,
                  ((best + 4294967295) >> 32) as value,
                  day,
                  ((((best + 4294967295) >> 32) << 32) - best - 2147483648)::int as uid
                from
                  (
                    select
                      'user_month' as record,
                      0 as bid,
                      period as day,
                      max(((post_count)::bigint << 32) - (uid + 2147483648)) as best
                    from
                      (
                        select
                          uid,
                          (day - date_part('day', day)::int + 1) as period,
                          sum(post_count) as post_count
                        from
                          (
                            select
                              uid,
                              day,
                              sum(post_count)::int as post_count,
                              count(*)::int as boards
                            from
                              baked.user_days
                            group by
                              uid,
                              day
                          ) user_dates
                        where
                          exists (
                            select
                            from
                              baked_next.diminished_user_records
                            where
                              record = 'user_month'
                              and bid = 0
                          )
                        group by
                          uid,
                          (day - date_part('day', day)::int + 1)
                      ) of_period
                    group by
                      period
                  ) of_period
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day,
      uid
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  record,
                  bid,
                  ((best + 4294967295) >> 32) as value,
                  day,
                  ((((best + 4294967295) >> 32) << 32) - best - 2147483648)::int as uid
                from
                  (
                    select
                      'user_year' as record,
                      bid,
                      make_date(year, 1, 1) as day,
                      max(((post_count)::bigint << 32) - (uid + 2147483648)) as best
                    from
                      baked.poster_stats
                    where
                      year > 0
                      and bid in (
                        select
                          bid
                        from
                          baked_next.diminished_user_records
                        where
                          record = 'user_year'
                      )
                    group by
                      bid,
                      year
                  ) of_period
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
    union all
    select
      record,
      bid,
      value,
      day,
      uid
    from
      (
        select
          *
        from
          (
            select
              *,
              max(value) over (
                partition by
                  bid
                order by
                  day rows between unbounded preceding
                  and 1 preceding
              ) as former
            from
              (
                select
                  record,
                  bid,
                  ((best + 4294967295) >> 32) as value,
                  day,
                  ((((best + 4294967295) >> 32) << 32) - best - 2147483648)::int as uid
                from
                  (
                    select
                      'most_boards' as record,
                      0 as bid,
                      day as day,
                      max(((boards)::bigint << 32) - (uid + 2147483648)) as best
                    from
                      (
                        select
                          uid,
                          day,
                          sum(post_count)::int as post_count,
                          count(*)::int as boards
                        from
                          baked.user_days
                        group by
                          uid,
                          day
                      ) user_dates
                    where
                      exists (
                        select
                        from
                          baked_next.diminished_user_records
                        where
                          record = 'most_boards'
                          and bid = 0
                      )
                    group by
                      day
                  ) of_period
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
  ) item
where
  (record, bid) in (
    select
      record,
      bid
    from
      baked_next.diminished_user_records
  );

-- user_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_user_records
create table baked_next.user_records as
select
  record::text collate "C" as record,
  bid::integer as bid,
  value::bigint as value,
  day::date as day,
  uid::integer as uid
from
  (
    select
      *
    from
      (
        select
          *,
          max(value) over (
            partition by
              record,
              bid
            order by
              day,
              value desc,
              uid rows between unbounded preceding
              and 1 preceding
          ) as former
        from
          (
            select
              bid,
              record,
              value,
              day,
              uid
            from
              baked.user_records old
            where
              not exists (
                select
                from
                  baked_next.changed_user_records changed
                where
                  changed.record = old.record
                  and changed.bid = old.bid
                  and changed.day = old.day
                  and changed.uid = old.uid
              )
            union all
            select
              bid,
              record,
              value,
              day,
              uid
            from
              baked_next.items_user_records
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

analyze "baked_next"."user_records" ("record", "bid", "value", "day", "uid");

-- user_records: updated, if there are rows in baked_next.changed_user_records
delete from baked.user_records t
where
  not exists (
    select
    from
      baked_next.user_records n
    where
      n.bid = t.bid
      and n.record = t.record
      and n.value = t.value
  );

insert into
  baked.user_records as t (bid, record, value, day, uid)
select
  bid,
  record,
  value,
  day,
  uid
from
  baked_next.user_records
on conflict (bid, record, value) do update
set
  day = excluded.day,
  uid = excluded.uid
where
  (t.day, t.uid) is distinct from (excluded.day, excluded.uid);

-- cohorts: changes, computed after its sources are updated
insert into
  baked_next.cohorts (bid, cohort, year, active_users, post_count)
select
  bid,
  cohort,
  year,
  count(*),
  sum(post_count)
from
  (
    select
      s.bid,
      cohort,
      s.year,
      s.post_count
    from
      (
        select
          s.*
        from
          baked_next.changed_cohorts
          join baked.poster_stats s using (bid, uid)
      ) s
      join (
        select
          bid,
          uid,
          min(year) as cohort
        from
          (
            select
              s.*
            from
              baked_next.changed_cohorts
              join baked.poster_stats s using (bid, uid)
          ) s
        where
          year > 0
        group by
          bid,
          uid
      ) first using (bid, uid)
    where
      s.year > 0
  ) of_user
group by
  bid,
  cohort,
  year;

-- cohorts: updated
insert into
  baked.cohorts as t (bid, cohort, year, active_users, post_count)
select
  bid,
  cohort,
  year,
  sum(active_users),
  sum(post_count)
from
  baked_next.cohorts
group by
  bid,
  cohort,
  year
having
  sum(active_users) <> 0
  or sum(post_count) <> 0
on conflict (bid, cohort, year) do update
set
  active_users = t.active_users + excluded.active_users,
  post_count = t.post_count + excluded.post_count;

delete from baked.cohorts t using baked_next.cohorts delta
where
  t.bid = delta.bid
  and t.cohort = delta.cohort
  and t.year = delta.year
  and t.active_users = 0
  and t.post_count = 0;

-- streak_records: changes, computed after its sources are updated
create table baked_next.changed_streak_records as
select
  uid
from
  baked_next.changed_user_streaks;

analyze baked_next.changed_streak_records;

-- streak_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_streak_records
create table baked_next.items_streak_records as
select
  'longest_streak' as record,
  0 as bid,
  unnest(streak_days)::bigint as value,
  unnest(streak_froms) as day,
  uid
from
  (
    select
      user_streaks.*
    from
      baked.user_streaks
      join baked_next.changed_streak_records using (uid)
  ) user_streaks
union all
select
  'longest_pause',
  0,
  unnest(pauses_days)::bigint,
  unnest(comebacks),
  uid
from
  (
    select
      user_streaks.*
    from
      baked.user_streaks
      join baked_next.changed_streak_records using (uid)
  ) user_streaks;

create table baked_next.diminished_streak_records as
select distinct
  record,
  bid
from
  baked.streak_records old
where
  exists (
    select
    from
      baked_next.changed_streak_records changed
    where
      changed.uid = old.uid
  )
  and not exists (
    select
    from
      baked_next.items_streak_records new
    where
      new.record = old.record
      and new.bid = old.bid
      and new.day = old.day
      and new.uid = old.uid
      and new.value >= old.value
  );

-- streak_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_streak_records and baked_next.diminished_streak_records
insert into
  baked_next.items_streak_records (bid, record, value, day, uid)
select
  bid,
  record,
  value,
  day,
  uid
from
  (
    select
      'longest_streak' as record,
      0 as bid,
      unnest(streak_days)::bigint as value,
      unnest(streak_froms) as day,
      uid
    from
      baked.user_streaks
    union all
    select
      'longest_pause',
      0,
      unnest(pauses_days)::bigint,
      unnest(comebacks),
      uid
    from
      baked.user_streaks
  ) item
where
  (record, bid) in (
    select
      record,
      bid
    from
      baked_next.diminished_streak_records
  );

-- streak_records: changes, computed after its sources are updated, if there are rows in baked_next.changed_streak_records
create table baked_next.streak_records as
select
  record::text collate "C" as record,
  bid::integer as bid,
  value::bigint as value,
  day::date as day,
  uid::integer as uid
from
  (
    select
      *
    from
      (
        select
          *,
          max(value) over (
            partition by
              record,
              bid
            order by
              day,
              value desc,
              uid rows between unbounded preceding
              and 1 preceding
          ) as former
        from
          (
            select
              bid,
              record,
              value,
              day,
              uid
            from
              baked.streak_records old
            where
              not exists (
                select
                from
                  baked_next.changed_streak_records changed
                where
                  changed.uid = old.uid
              )
            union all
            select
              bid,
              record,
              value,
              day,
              uid
            from
              baked_next.items_streak_records
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

analyze "baked_next"."streak_records" ("record", "bid", "value", "day", "uid");

-- streak_records: updated, if there are rows in baked_next.changed_streak_records
delete from baked.streak_records t
where
  not exists (
    select
    from
      baked_next.streak_records n
    where
      n.bid = t.bid
      and n.record = t.record
      and n.value = t.value
  );

insert into
  baked.streak_records as t (bid, record, value, day, uid)
select
  bid,
  record,
  value,
  day,
  uid
from
  baked_next.streak_records
on conflict (bid, record, value) do update
set
  day = excluded.day,
  uid = excluded.uid
where
  (t.day, t.uid) is distinct from (excluded.day, excluded.uid);

-- user_hours: updated
delete from baked.user_hours t using baked_next.changed_user_hours changed
where
  t.uid = changed.uid
  and t.year = changed.year
  and not exists (
    select
    from
      baked_next.user_hours n
    where
      n.uid = t.uid
      and n.year = t.year
  );

insert into
  baked.user_hours as t (uid, year, bids, hours, post_counts)
select
  uid,
  year,
  bids,
  hours,
  post_counts
from
  baked_next.user_hours
on conflict (uid, year) do update
set
  bids = excluded.bids,
  hours = excluded.hours,
  post_counts = excluded.post_counts
where
  (t.bids, t.hours, t.post_counts) is distinct from (excluded.bids, excluded.hours, excluded.post_counts);

-- hourly_stats: changes, computed after its sources are updated
insert into
  baked_next.hourly_stats (year, bid, weekday, hour, active_users, post_count)
select
  year,
  bid,
  weekday,
  hour,
  - count(*),
  0
from
  (
    select
      year,
      bid,
      hour / 24 + 1 as weekday,
      hour % 24 as hour,
      uid,
      post_count
    from
      (
        select
          coalesce(year, 0) as year,
          coalesce(bid, 0) as bid,
          hour,
          uid,
          sum(post_count) as post_count
        from
          (
            select
              uid,
              year,
              bid,
              unnest(hours) as hour,
              unnest(post_counts) as post_count
            from
              baked_next.user_board_hours
          ) of_user
        group by
          grouping sets ((year, bid, hour, uid), (year, hour, uid), (bid, hour, uid), (hour, uid))
      ) of_hour
  ) delta
where
  post_count < 0
  and not exists (
    select
    from
      baked.user_hours existing
    where
      existing.uid = delta.uid
      and (
        delta.year = 0
        or existing.year = delta.year
      )
      and 24 * (delta.weekday - 1) + delta.hour = any (
        case delta.bid
          when 0 then existing.hours
          else existing.hours[array_position(existing.bids, delta.bid):width_bucket(delta.bid, existing.bids)]
        end
      )
  )
group by
  year,
  bid,
  weekday,
  hour;

-- hourly_stats: updated
insert into
  baked.hourly_stats as t (year, bid, weekday, hour, post_count, active_users)
select
  year,
  bid,
  weekday,
  hour,
  sum(post_count),
  sum(active_users)
from
  baked_next.hourly_stats
group by
  year,
  bid,
  weekday,
  hour
having
  sum(post_count) <> 0
  or sum(active_users) <> 0
on conflict (year, bid, weekday, hour) do update
set
  post_count = t.post_count + excluded.post_count,
  active_users = t.active_users + excluded.active_users;

delete from baked.hourly_stats t using baked_next.hourly_stats delta
where
  t.year = delta.year
  and t.bid = delta.bid
  and t.weekday = delta.weekday
  and t.hour = delta.hour
  and t.post_count = 0
  and t.active_users = 0;

-- user_year_quoted: changes, computed after its sources are updated
create table baked_next.changed_user_year_quoted_items as
select distinct
  quoted_pid as pid
from
  (
    select
      quoted_pid
    from
      baked_next.quotes
    group by
      quoted_pid,
      pid,
      quoted_uid,
      quoted_year
    having
      sum(sign) <> 0
  ) gained_or_lost;

analyze baked_next.changed_user_year_quoted_items;

create table baked_next.items_user_year_quoted as
select
  post.uid,
  post.year,
  post.pid,
  count(*)::int as quoted_count
from
  (
    select
      f.*
    from
      baked.post_facts f
      join baked_next.changed_user_year_quoted_items using (pid)
    where
      f.uid is not null
      and f.bid is not null
      and f.day is not null
  ) post
  join baked.post_quotes q on q.quoted_pid = post.pid
  join baked.post_facts quoting on quoting.pid = q.pid
  and quoting.uid is not null
  and quoting.bid is not null
  and quoting.day is not null
group by
  post.uid,
  post.year,
  post.pid;

create table baked_next.changed_user_year_quoted as
select
  uid,
  year
from
  baked.user_year_quoted old
where
  exists (
    select
    from
      baked_next.changed_user_year_quoted_items changed
    where
      changed.pid = old.pid
  )
union
select
  uid,
  year
from
  baked_next.items_user_year_quoted;

create table baked_next.diminished_user_year_quoted as
select
  uid,
  year
from
  baked.user_year_quoted old
where
  exists (
    select
    from
      baked_next.changed_user_year_quoted_items changed
    where
      changed.pid = old.pid
  )
  and not exists (
    select
    from
      baked_next.items_user_year_quoted new
    where
      new.uid = old.uid
      and new.year = old.year
      and new.pid = old.pid
      and new.quoted_count >= old.quoted_count
  );

analyze baked_next.items_user_year_quoted;

analyze baked_next.changed_user_year_quoted;

analyze baked_next.diminished_user_year_quoted;

create table baked_next.user_year_quoted as
select
  uid::integer as uid,
  year::smallint as year,
  pid::integer as pid,
  quoted_count::integer as quoted_count
from
  (
    select distinct
      on (uid, year) uid,
      year,
      pid,
      quoted_count
    from
      (
        select
          uid,
          year,
          pid,
          quoted_count
        from
          baked.user_year_quoted old
        where
          (uid, year) in (
            select
              uid,
              year
            from
              baked_next.changed_user_year_quoted
          )
          and not exists (
            select
            from
              baked_next.changed_user_year_quoted_items changed
            where
              changed.pid = old.pid
          )
        union all
        select
          uid,
          year,
          pid,
          quoted_count
        from
          baked_next.items_user_year_quoted
        union all
        select
          uid,
          year,
          pid,
          quoted_count
        from
          (
            select
              post.uid,
              post.year,
              post.pid,
              count(*)::int as quoted_count
            from
              (
                select
                  p.*
                from
                  (
                    select
                      f.*
                    from
                      (
                        select distinct
                          uid
                        from
                          baked_next.diminished_user_year_quoted
                      ) g
                      cross join lateral (
                        select
                          pid
                        from
                          public.posts
                        where
                          poster_uid = g.uid
                        offset
                          0 /* fence: looked up one by one, whatever the planner expects */
                      ) p
                      cross join lateral (
                        select
                          1 as sign,
                          f.*
                        from
                          baked.post_facts f
                        where
                          f.pid = p.pid
                          and f.uid is not null
                          and f.bid is not null
                          and f.day is not null
                        offset
                          0 /* fence: looked up one by one, whatever the planner expects */
                      ) f
                  ) p
                  join baked_next.diminished_user_year_quoted using (uid, year)
              ) post
              join baked.post_quotes q on q.quoted_pid = post.pid
              join baked.post_facts quoting on quoting.pid = q.pid
              and quoting.uid is not null
              and quoting.bid is not null
              and quoting.day is not null
            group by
              post.uid,
              post.year,
              post.pid
          ) item
      ) item
    order by
      uid,
      year,
      quoted_count desc,
      pid
  ) best;

analyze "baked_next"."user_year_quoted" ("uid", "year", "pid", "quoted_count");

-- user_year_quoted: updated
delete from baked.user_year_quoted t using baked_next.changed_user_year_quoted changed
where
  t.uid = changed.uid
  and t.year = changed.year
  and not exists (
    select
    from
      baked_next.user_year_quoted n
    where
      n.uid = t.uid
      and n.year = t.year
  );

insert into
  baked.user_year_quoted as t (uid, year, pid, quoted_count)
select
  uid,
  year,
  pid,
  quoted_count
from
  baked_next.user_year_quoted
on conflict (uid, year) do update
set
  pid = excluded.pid,
  quoted_count = excluded.quoted_count
where
  (t.pid, t.quoted_count) is distinct from (excluded.pid, excluded.quoted_count);

-- user_year_threads: changes, computed after its sources are updated
create table baked_next.changed_user_year_threads_items as
select
  uid,
  year,
  tid
from
  baked_next.counted_posts
group by
  uid,
  year,
  tid
having
  sum(sign) <> 0;

analyze baked_next.changed_user_year_threads_items;

create table baked_next.items_user_year_threads as
select
  uid,
  year,
  tid,
  count(*)::int as post_count
from
  baked_next.regrouped_posts
  join baked_next.changed_user_year_threads_items using (uid, year, tid)
group by
  uid,
  year,
  tid;

create table baked_next.changed_user_year_threads as
select
  uid,
  year
from
  baked.user_year_threads old
where
  exists (
    select
    from
      baked_next.changed_user_year_threads_items changed
    where
      changed.uid = old.uid
      and changed.year = old.year
      and changed.tid = old.tid
  )
union
select
  uid,
  year
from
  baked_next.items_user_year_threads;

create table baked_next.diminished_user_year_threads as
select
  uid,
  year
from
  baked.user_year_threads old
where
  exists (
    select
    from
      baked_next.changed_user_year_threads_items changed
    where
      changed.uid = old.uid
      and changed.year = old.year
      and changed.tid = old.tid
  )
  and not exists (
    select
    from
      baked_next.items_user_year_threads new
    where
      new.uid = old.uid
      and new.year = old.year
      and new.tid = old.tid
      and new.post_count >= old.post_count
  );

analyze baked_next.items_user_year_threads;

analyze baked_next.changed_user_year_threads;

analyze baked_next.diminished_user_year_threads;

create table baked_next.user_year_threads as
select
  uid::integer as uid,
  year::smallint as year,
  tid::integer as tid,
  post_count::integer as post_count
from
  (
    select distinct
      on (uid, year) uid,
      year,
      tid,
      post_count
    from
      (
        select
          uid,
          year,
          tid,
          post_count
        from
          baked.user_year_threads old
        where
          (uid, year) in (
            select
              uid,
              year
            from
              baked_next.changed_user_year_threads
          )
          and not exists (
            select
            from
              baked_next.changed_user_year_threads_items changed
            where
              changed.uid = old.uid
              and changed.year = old.year
              and changed.tid = old.tid
          )
        union all
        select
          uid,
          year,
          tid,
          post_count
        from
          baked_next.items_user_year_threads
        union all
        select
          uid,
          year,
          tid,
          post_count
        from
          (
            select
              uid,
              year,
              tid,
              count(*)::int as post_count
            from
              (
                select
                  f.*
                from
                  (
                    select distinct
                      uid
                    from
                      baked_next.diminished_user_year_threads
                  ) g
                  cross join lateral (
                    select
                      pid
                    from
                      public.posts
                    where
                      poster_uid = g.uid
                    offset
                      0 /* fence: looked up one by one, whatever the planner expects */
                  ) p
                  cross join lateral (
                    select
                      1 as sign,
                      f.*
                    from
                      baked.post_facts f
                    where
                      f.pid = p.pid
                      and f.uid is not null
                      and f.bid is not null
                      and f.day is not null
                    offset
                      0 /* fence: looked up one by one, whatever the planner expects */
                  ) f
              ) post
              join baked_next.diminished_user_year_threads using (uid, year)
            group by
              uid,
              year,
              tid
          ) item
      ) item
    order by
      uid,
      year,
      post_count desc,
      tid
  ) best;

analyze "baked_next"."user_year_threads" ("uid", "year", "tid", "post_count");

-- user_year_threads: updated
delete from baked.user_year_threads t using baked_next.changed_user_year_threads changed
where
  t.uid = changed.uid
  and t.year = changed.year
  and not exists (
    select
    from
      baked_next.user_year_threads n
    where
      n.uid = t.uid
      and n.year = t.year
  );

insert into
  baked.user_year_threads as t (uid, year, tid, post_count)
select
  uid,
  year,
  tid,
  post_count
from
  baked_next.user_year_threads
on conflict (uid, year) do update
set
  tid = excluded.tid,
  post_count = excluded.post_count
where
  (t.tid, t.post_count) is distinct from (excluded.tid, excluded.post_count);

-- week_users: changes, computed after its sources are updated
create table baked_next.week_users as
select
  uid::integer as uid,
  post_count::integer as post_count,
  before_count::integer as before_count
from
  (
    select
      uid,
      coalesce(
        sum(post_count) filter (
          where
            day >= last - 7
        ),
        0
      ) as post_count,
      coalesce(
        sum(post_count) filter (
          where
            day < last - 7
        ),
        0
      ) as before_count
    from
      (
        select
          uid,
          day,
          count(*) as post_count
        from
          (
            select
              f.*
            from
              (
                select
                  (
                    select
                      max(day)
                    from
                      baked.daily_stats
                    where
                      bid = 0
                  ) - n as day
                from
                  generate_series(1, 14) n
              ) g
              cross join lateral (
                select
                  f.*
                from
                  (
                    select
                      pid
                    from
                      public.posts
                    where
                      timestamp between timezone (
                        'UTC',
                        timezone (
                          (
                            select
                              timezone
                            from
                              baked.analysis
                          ),
                          (g.day)::timestamp
                        )
                      ) - interval '2 hours' and timezone (
                        'UTC',
                        timezone (
                          (
                            select
                              timezone
                            from
                              baked.analysis
                          ),
                          (g.day + 1)::timestamp
                        )
                      ) + interval '2 hours'
                    offset
                      0 /* fence: looked up one by one, whatever the planner expects */
                  ) p
                  cross join lateral (
                    select
                      1 as sign,
                      f.*
                    from
                      baked.post_facts f
                    where
                      f.uid is not null
                      and f.bid is not null
                      and f.day is not null
                      and f.pid = p.pid
                    offset
                      0 /* fence: looked up one by one, whatever the planner expects */
                  ) f
                where
                  f.day = g.day
              ) f
          ) post
        group by
          uid,
          day
      ) of_user,
      (
        select
          (
            select
              max(day)
            from
              baked.daily_stats
            where
              bid = 0
          ) as last
      ) last
    where
      day >= last - 14
      and day < last
    group by
      uid
  ) of_user;

analyze "baked_next"."week_users" ("uid", "post_count", "before_count");

-- week_users: updated
delete from baked.week_users t
where
  not exists (
    select
    from
      baked_next.week_users n
    where
      n.uid = t.uid
  );

insert into
  baked.week_users as t (uid, post_count, before_count)
select
  uid,
  post_count,
  before_count
from
  baked_next.week_users
on conflict (uid) do update
set
  post_count = excluded.post_count,
  before_count = excluded.before_count
where
  (t.post_count, t.before_count) is distinct from (excluded.post_count, excluded.before_count);

-- weekday_stats: changes, computed after its sources are updated
insert into
  baked_next.weekday_stats (year, bid, weekday, active_users, post_count, edit_count, posts_length, threads_created)
select
  year,
  bid,
  weekday,
  - count(*),
  0,
  0,
  0,
  0
from
  (
    select
      coalesce(year, 0) as year,
      coalesce(bid, 0) as bid,
      weekday,
      uid,
      sum(post_count) as post_count
    from
      (
        select
          *,
          hour / 24 + 1 as weekday
        from
          (
            select
              uid,
              year,
              bid,
              unnest(hours) as hour,
              unnest(post_counts) as post_count
            from
              baked_next.user_board_hours
          ) of_hour
      ) of_weekday
    group by
      grouping sets ((year, bid, weekday, uid), (year, weekday, uid), (bid, weekday, uid), (weekday, uid))
  ) delta
where
  post_count < 0
  and not exists (
    select
    from
      baked.user_hours existing,
      unnest(
        case delta.bid
          when 0 then existing.hours
          else existing.hours[array_position(existing.bids, delta.bid):width_bucket(delta.bid, existing.bids)]
        end
      ) as hour
    where
      existing.uid = delta.uid
      and (
        delta.year = 0
        or existing.year = delta.year
      )
      and hour / 24 + 1 = delta.weekday
  )
group by
  year,
  bid,
  weekday;

-- weekday_stats: updated
insert into
  baked.weekday_stats as t (year, bid, weekday, post_count, edit_count, posts_length, threads_created, active_users)
select
  year,
  bid,
  weekday,
  sum(post_count),
  sum(edit_count),
  sum(posts_length),
  sum(threads_created),
  sum(active_users)
from
  baked_next.weekday_stats
group by
  year,
  bid,
  weekday
having
  sum(post_count) <> 0
  or sum(edit_count) <> 0
  or sum(posts_length) <> 0
  or sum(threads_created) <> 0
  or sum(active_users) <> 0
on conflict (year, bid, weekday) do update
set
  post_count = t.post_count + excluded.post_count,
  edit_count = t.edit_count + excluded.edit_count,
  posts_length = t.posts_length + excluded.posts_length,
  threads_created = t.threads_created + excluded.threads_created,
  active_users = t.active_users + excluded.active_users;

delete from baked.weekday_stats t using baked_next.weekday_stats delta
where
  t.year = delta.year
  and t.bid = delta.bid
  and t.weekday = delta.weekday
  and t.post_count = 0
  and t.edit_count = 0
  and t.posts_length = 0
  and t.threads_created = 0
  and t.active_users = 0;

-- year_streaks: changes, computed after its sources are updated
create table baked_next.changed_year_streaks_items as
select distinct
  uid,
  date_part('year', day)::smallint as year
from
  (
    select
      uid,
      day
    from
      baked_next.user_days
    group by
      uid,
      day
    having
      sum(post_count) <> 0
  ) gained_or_lost;

analyze baked_next.changed_year_streaks_items;

create table baked_next.items_year_streaks as
select
  year,
  (coalesce(lead(previous) over of_user, last_day) - day + 1)::int as days,
  day as from_day,
  uid
from
  (
    select
      uid,
      day,
      date_part('year', day)::smallint as year,
      lag(day) over of_user as previous,
      max(day) over (
        partition by
          uid
      ) as last_day
    from
      (
        select
          existing.uid,
          existing.day
        from
          baked_next.changed_year_streaks_items g
          cross join lateral (
            select
              uid,
              day
            from
              baked.user_days
            where
              uid = g.uid
              and bid = any (
                (
                  select
                    array_agg(bid)
                  from
                    public.boards
                )::int[]
              )
              and day >= make_date(g.year, 1, 1)
              and day < make_date(g.year + 1, 1, 1)
            offset
              0 /* fence: looked up one by one */
          ) existing
      ) of_user
    window
      of_user as (
        partition by
          uid
        order by
          day
      )
  ) of_day
where
  previous is null
  or day - previous > 1
  or date_part('year', previous)::smallint <> year
window
  of_user as (
    partition by
      uid
    order by
      day
  );

create table baked_next.changed_year_streaks as
select
  year
from
  baked.year_streaks old
where
  exists (
    select
    from
      baked_next.changed_year_streaks_items changed
    where
      changed.uid = old.uid
      and changed.year = old.year
  )
union
select
  year
from
  baked_next.items_year_streaks;

create table baked_next.diminished_year_streaks as
select
  year
from
  baked.year_streaks old
where
  exists (
    select
    from
      baked_next.changed_year_streaks_items changed
    where
      changed.uid = old.uid
      and changed.year = old.year
  )
  and not exists (
    select
    from
      baked_next.items_year_streaks new
    where
      new.year = old.year
      and new.from_day = old.from_day
      and new.uid = old.uid
      and new.days >= old.days
  );

analyze baked_next.items_year_streaks;

analyze baked_next.changed_year_streaks;

analyze baked_next.diminished_year_streaks;

create table baked_next.year_streaks as
select
  year::smallint as year,
  days::integer as days,
  from_day::date as from_day,
  uid::integer as uid
from
  (
    select distinct
      on (year) year,
      days,
      from_day,
      uid
    from
      (
        select
          year,
          days,
          from_day,
          uid
        from
          baked.year_streaks old
        where
          (year) in (
            select
              year
            from
              baked_next.changed_year_streaks
          )
          and not exists (
            select
            from
              baked_next.changed_year_streaks_items changed
            where
              changed.uid = old.uid
              and changed.year = old.year
          )
        union all
        select
          year,
          days,
          from_day,
          uid
        from
          baked_next.items_year_streaks
        union all
        select
          year,
          days,
          from_day,
          uid
        from
          (
            select
              year,
              (coalesce(lead(previous) over of_user, last_day) - day + 1)::int as days,
              day as from_day,
              uid
            from
              (
                select
                  uid,
                  day,
                  date_part('year', day)::smallint as year,
                  lag(day) over of_user as previous,
                  max(day) over (
                    partition by
                      uid
                  ) as last_day
                from
                  (
                    select
                      existing.uid,
                      existing.day
                    from
                      (
                        select
                          uid,
                          year
                        from
                          baked.poster_stats
                          join baked_next.diminished_year_streaks using (year)
                        where
                          bid = 0
                          and year > 0
                        offset
                          0 /* fence: the year 0, of all years, has no dates */
                      ) g
                      cross join lateral (
                        select
                          uid,
                          day
                        from
                          baked.user_days
                        where
                          uid = g.uid
                          and bid = any (
                            (
                              select
                                array_agg(bid)
                              from
                                public.boards
                            )::int[]
                          )
                          and day >= make_date(g.year, 1, 1)
                          and day < make_date(g.year + 1, 1, 1)
                        offset
                          0 /* fence: looked up one by one */
                      ) existing
                  ) of_user
                window
                  of_user as (
                    partition by
                      uid
                    order by
                      day
                  )
              ) of_day
            where
              previous is null
              or day - previous > 1
              or date_part('year', previous)::smallint <> year
            window
              of_user as (
                partition by
                  uid
                order by
                  day
              )
          ) item
      ) item
    order by
      year,
      days desc,
      from_day,
      uid
  ) best;

analyze "baked_next"."year_streaks" ("year", "days", "from_day", "uid");

-- year_streaks: updated
delete from baked.year_streaks t using baked_next.changed_year_streaks changed
where
  t.year = changed.year
  and not exists (
    select
    from
      baked_next.year_streaks n
    where
      n.year = t.year
  );

insert into
  baked.year_streaks as t (year, days, from_day, uid)
select
  year,
  days,
  from_day,
  uid
from
  baked_next.year_streaks
on conflict (year) do update
set
  days = excluded.days,
  from_day = excluded.from_day,
  uid = excluded.uid
where
  (t.days, t.from_day, t.uid) is distinct from (excluded.days, excluded.from_day, excluded.uid);

-- year_threads: changes, computed after its sources are updated
create table baked_next.changed_year_threads_items as
select distinct
  year,
  tid
from
  (
    select
      year,
      tid
    from
      baked_next.counted_posts
    group by
      year,
      tid,
      bid
    having
      sum(sign) <> 0
  ) gained_or_lost;

analyze baked_next.changed_year_threads_items;

create table baked_next.items_year_threads as
select
  year,
  unnest(array[bid, 0]) as bid,
  tid,
  post_count
from
  (
    select
      year,
      min(bid) as bid,
      tid,
      count(*)::int as post_count
    from
      baked_next.regrouped_posts
      join baked_next.changed_year_threads_items using (year, tid)
    group by
      year,
      tid
  ) of_year;

create table baked_next.changed_year_threads as
select
  bid,
  year
from
  baked.year_threads old
where
  exists (
    select
    from
      baked_next.changed_year_threads_items changed
    where
      changed.year = old.year
      and changed.tid = old.tid
  )
union
select
  bid,
  year
from
  baked_next.items_year_threads;

create table baked_next.diminished_year_threads as
select
  bid,
  year
from
  baked.year_threads old
where
  exists (
    select
    from
      baked_next.changed_year_threads_items changed
    where
      changed.year = old.year
      and changed.tid = old.tid
  )
  and not exists (
    select
    from
      baked_next.items_year_threads new
    where
      new.bid = old.bid
      and new.year = old.year
      and new.tid = old.tid
      and new.post_count >= old.post_count
  );

analyze baked_next.items_year_threads;

analyze baked_next.changed_year_threads;

analyze baked_next.diminished_year_threads;

create table baked_next.year_threads as
select
  year::smallint as year,
  bid::integer as bid,
  tid::integer as tid,
  post_count::integer as post_count
from
  (
    select distinct
      on (bid, year) bid,
      year,
      tid,
      post_count
    from
      (
        select
          bid,
          year,
          tid,
          post_count
        from
          baked.year_threads old
        where
          (bid, year) in (
            select
              bid,
              year
            from
              baked_next.changed_year_threads
          )
          and not exists (
            select
            from
              baked_next.changed_year_threads_items changed
            where
              changed.year = old.year
              and changed.tid = old.tid
          )
        union all
        select
          bid,
          year,
          tid,
          post_count
        from
          baked_next.items_year_threads
        union all
        select
          bid,
          year,
          tid,
          post_count
        from
          (
            select
              of_year.*
            from
              (
                select
                  year,
                  unnest(array[bid, 0]) as bid,
                  tid,
                  post_count
                from
                  (
                    select
                      date_part('year', day)::smallint as year,
                      bid,
                      tid,
                      sum(n)::int as post_count
                    from
                      baked.thread_stats stats
                      join baked.thread_details details using (tid),
                      unnest(days, day_post_counts) as of_day (day, n)
                    group by
                      date_part('year', day)::smallint,
                      bid,
                      tid
                  ) of_year
              ) of_year
              join baked_next.diminished_year_threads using (year, bid)
          ) item
      ) item
    order by
      bid,
      year,
      post_count desc,
      tid
  ) best;

analyze "baked_next"."year_threads" ("year", "bid", "tid", "post_count");

-- year_threads: updated
delete from baked.year_threads t using baked_next.changed_year_threads changed
where
  t.bid = changed.bid
  and t.year = changed.year
  and not exists (
    select
    from
      baked_next.year_threads n
    where
      n.bid = t.bid
      and n.year = t.year
  );

insert into
  baked.year_threads as t (bid, year, tid, post_count)
select
  bid,
  year,
  tid,
  post_count
from
  baked_next.year_threads
on conflict (bid, year) do update
set
  tid = excluded.tid,
  post_count = excluded.post_count
where
  (t.tid, t.post_count) is distinct from (excluded.tid, excluded.post_count);

-- yearly_stats: changes, computed after its sources are updated
insert into
  baked_next.yearly_stats (bid, year, active_users, post_count, edit_count, posts_length, threads_created)
select
  bid,
  year,
  - count(*),
  0,
  0,
  0,
  0
from
  (
    select
      year,
      bid,
      uid,
      post_count
    from
      baked_next.poster_stats
  ) delta
where
  post_count < 0
  and not exists (
    select
    from
      baked.poster_stats existing
    where
      existing.uid = delta.uid
      and existing.bid = delta.bid
      and existing.year = delta.year
  )
group by
  bid,
  year;

-- yearly_stats: updated
insert into
  baked.yearly_stats as t (bid, year, post_count, edit_count, posts_length, threads_created, active_users)
select
  bid,
  year,
  sum(post_count),
  sum(edit_count),
  sum(posts_length),
  sum(threads_created),
  sum(active_users)
from
  baked_next.yearly_stats
group by
  bid,
  year
having
  sum(post_count) <> 0
  or sum(edit_count) <> 0
  or sum(posts_length) <> 0
  or sum(threads_created) <> 0
  or sum(active_users) <> 0
on conflict (bid, year) do update
set
  post_count = t.post_count + excluded.post_count,
  edit_count = t.edit_count + excluded.edit_count,
  posts_length = t.posts_length + excluded.posts_length,
  threads_created = t.threads_created + excluded.threads_created,
  active_users = t.active_users + excluded.active_users;

delete from baked.yearly_stats t using baked_next.yearly_stats delta
where
  t.bid = delta.bid
  and t.year = delta.year
  and t.post_count = 0
  and t.edit_count = 0
  and t.posts_length = 0
  and t.threads_created = 0
  and t.active_users = 0;

-- users: changed rows, replaced
delete from baked.users
where
  uid in (
    select
      uid
    from
      baked_next.users
  );

insert into
  baked.users
select
  *
from
  baked_next.users;

-- threads: changed rows, replaced
delete from baked.threads
where
  tid in (
    select
      tid
    from
      baked_next.threads
  );

insert into
  baked.threads
select
  *
from
  baked_next.threads;
