-- The one transaction of an incremental run. Users, boards, threads, quotes and links are derived in TypeScript.
-- Generated from analytics/inputs and analytics/statistics by `bun run docs`: do not edit.

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

-- quote_graph: changes, computed before any statistic is updated
create table baked_next.quote_graph as
select
  (coalesce(year, 0))::smallint as year,
  (coalesce(bid, 0))::integer as bid,
  quoter_uid::integer as quoter_uid,
  quoted_uid::integer as quoted_uid,
  (sum(count))::integer as count
from
  baked_next.quotes
group by
  grouping sets (
    (year, bid, quoter_uid, quoted_uid),
    (year, quoter_uid, quoted_uid),
    (bid, quoter_uid, quoted_uid),
    (quoter_uid, quoted_uid)
  );

analyze baked_next.quote_graph;

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

analyze baked_next.user_domains;

-- user_hours: changes, computed before any statistic is updated
create table baked_next.user_hours as
select
  uid::integer as uid,
  year::smallint as year,
  bid::integer as bid,
  (
    array_agg(
      hour
      order by
        hour
    )
  )::smallint[] as hours,
  (
    array_agg(
      post_count
      order by
        hour
    )
  )::integer[] as post_counts
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
  ) of_hour
group by
  uid,
  year,
  bid;

analyze baked_next.user_hours;

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

analyze baked_next.domains;

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
          baked_next.user_hours
      ) of_user
    group by
      grouping sets ((year, bid, hour), (year, hour), (bid, hour), (hour))
  ) of_hour;

analyze baked_next.hourly_stats;

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
              baked_next.user_hours
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
      and (
        delta.bid = 0
        or existing.bid = delta.bid
      )
      and 24 * (delta.weekday - 1) + delta.hour = any (existing.hours)
  )
group by
  year,
  bid,
  weekday,
  hour;

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

analyze baked_next.user_days;

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

analyze baked_next.daily_stats;

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
  (coalesce(year, 0))::smallint as year,
  (coalesce(bid, 0))::integer as bid,
  uid::integer as uid,
  (sum(post_count))::integer as post_count,
  (sum(edit_count))::bigint as edit_count,
  (sum(posts_length))::bigint as posts_length,
  (coalesce(div(2 * (sum(posts_length)) + (sum(post_count)), nullif(2 * (sum(post_count)), 0)), 0))::integer as avg_post_length,
  (sum(threads_created))::integer as threads_created,
  (sum(quoted_count))::integer as quoted_count,
  (sum(quotes_count))::integer as quotes_count
from
  (
    select
      date_part('year', day)::smallint as year,
      bid,
      uid,
      sum(post_count)::int as post_count,
      sum(edit_count)::bigint as edit_count,
      sum(posts_length)::bigint as posts_length,
      sum(threads_created)::int as threads_created,
      0 as quoted_count,
      0 as quotes_count
    from
      baked_next.user_days
    group by
      date_part('year', day)::smallint,
      bid,
      uid
    union all
    select
      quoted_year,
      quoted_bid,
      quoted_uid,
      0,
      0,
      0,
      0,
      sum(sign)::int,
      0
    from
      baked_next.quotes
    group by
      quoted_year,
      quoted_bid,
      quoted_uid
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
      sum(sign)::int
    from
      baked_next.quotes
    group by
      year,
      bid,
      quoter_uid
  ) of_user
group by
  grouping sets ((year, bid, uid), (year, uid), (bid, uid), (uid))
order by
  year,
  bid,
  post_count desc,
  uid;

analyze baked_next.poster_stats;

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

analyze baked_next.cohorts;

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

analyze baked_next.weekday_stats;

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
              baked_next.user_hours
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
      unnest(existing.hours) as hour
    where
      existing.uid = delta.uid
      and (
        delta.year = 0
        or existing.year = delta.year
      )
      and (
        delta.bid = 0
        or existing.bid = delta.bid
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

analyze baked_next.yearly_stats;

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

-- daily_threads: changes, computed after its sources are updated
create table baked_next.changed_daily_threads as
select distinct
  day
from
  (
    select
      day
    from
      baked_next.counted_posts
    group by
      day,
      bid,
      tid
    having
      sum(sign) <> 0
  ) gained_or_lost;

analyze baked_next.changed_daily_threads;

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
                  day,
                  bid,
                  tid,
                  count(*)::int as post_count
                from
                  (
                    select
                      f.*
                    from
                      baked_next.changed_daily_threads g
                      cross join lateral (
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
                          f.pid = p.pid
                          and f.uid is not null
                          and f.bid is not null
                          and f.day is not null
                        offset
                          0 /* fence: looked up one by one, whatever the planner expects */
                      ) f
                    where
                      f.day = g.day
                  ) counted_posts
                group by
                  day,
                  bid,
                  tid
              ) of_thread
          ) ranked
        where
          rank <= 5
      )
    select
      day,
      bid,
      array_agg(
        tid
        order by
          post_count desc,
          tid
      ) as tids,
      array_agg(
        post_count
        order by
          post_count desc,
          tid
      ) as post_counts
    from
      of_boards
    group by
      day,
      bid
    union all
    select
      day,
      0,
      array_agg(
        tid
        order by
          post_count desc,
          tid
      ),
      array_agg(
        post_count
        order by
          post_count desc,
          tid
      )
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
    group by
      day
  ) busiest
order by
  bid,
  day;

analyze baked_next.daily_threads;

-- daily_threads: updated
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

-- post_records: changes, computed after its sources are updated
create table baked_next.changed_post_records as
select
  pid
from
  baked_next.counted_posts
union
select
  pid
from
  baked_next.quotes
union
select
  quoted_pid
from
  baked_next.quotes;

analyze baked_next.changed_post_records;

create table baked_next.items_post_records as
select
  of_post.record,
  selected.bid,
  of_post.value,
  post.day,
  post.pid,
  post.unix_s,
  post.tid,
  post.uid
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
      'longest_post' as record,
      post.length::bigint as value
    union all
    select
      'most_links',
      sum(l.count)::bigint
    from
      baked.post_links l
    where
      l.pid = post.pid
    union all
    select
      'most_quotes',
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
    union all
    select
      'most_quoted_post',
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
  ) of_post
  cross join lateral (
    values
      (post.bid),
      (0)
  ) selected (bid)
where
  of_post.value > 0;

analyze baked_next.items_post_records;

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
      changed.pid = old.pid
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
                  changed.pid = old.pid
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
              (
                with
                  counts as materialized (
                    select
                      'most_links' as record,
                      min(bid) as bid,
                      min(unix_s) as unix_s,
                      pid as pid,
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
                      join (
                        select
                          bid as first_bid,
                          min(unix_s) as first_unix_s
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
                      ) first_of_board on first_bid = bid
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
                      or min(unix_s) = min(first_unix_s)
                    union all
                    select
                      'most_quotes' as record,
                      min(bid) as bid,
                      min(unix_s) as unix_s,
                      pid as pid,
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
                      join (
                        select
                          bid as first_bid,
                          min(unix_s) as first_unix_s
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
                      ) first_of_board on first_bid = bid
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
                      or min(unix_s) = min(first_unix_s)
                    union all
                    select
                      'most_quoted_post' as record,
                      min(quoted_bid) as bid,
                      min(quoted_unix_s) as unix_s,
                      quoted_pid as pid,
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
                      join (
                        select
                          quoted_bid as first_bid,
                          min(quoted_unix_s) as first_unix_s
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
                          quoted_bid
                      ) first_of_board on first_bid = quoted_bid
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
                        or quoted_bid in (
                          select
                            bid
                          from
                            baked_next.diminished_post_records
                          where
                            record = 'most_quoted_post'
                        )
                      )
                    group by
                      quoted_pid
                    having
                      count(*) > 1
                      or min(quoted_unix_s) = min(first_unix_s)
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
              )
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

analyze baked_next.post_records;

-- post_records: updated
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
insert into
  baked.quote_graph as t (quoter_uid, quoted_uid, year, bid, count)
select
  quoter_uid,
  quoted_uid,
  year,
  bid,
  sum(count)
from
  baked_next.quote_graph
group by
  quoter_uid,
  quoted_uid,
  year,
  bid
having
  sum(count) <> 0
on conflict (quoter_uid, quoted_uid, year, bid) do update
set
  count = t.count + excluded.count;

delete from baked.quote_graph t using baked_next.quote_graph delta
where
  t.quoter_uid = delta.quoter_uid
  and t.quoted_uid = delta.quoted_uid
  and t.year = delta.year
  and t.bid = delta.bid
  and t.count = 0;

-- thread_details: changes, computed after its sources are updated
create table baked_next.changed_thread_details as
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

analyze baked_next.changed_thread_details;

create table baked_next.thread_details as
select
  tid::integer as tid,
  (days[array_position(day_post_counts, busiest_day_post_count)])::date as busiest_day,
  busiest_day_post_count::integer as busiest_day_post_count,
  days::date[] as days,
  day_post_counts::integer[] as day_post_counts,
  uids::integer[] as uids,
  user_post_counts::integer[] as user_post_counts,
  (coalesce(quoted_pids, '{}'))::integer[] as quoted_pids,
  (coalesce(quoted_counts, '{}'))::integer[] as quoted_counts
from
  (
    select
      tid,
      array_agg(
        day
        order by
          day
      ) as days,
      array_agg(
        post_count
        order by
          day
      ) as day_post_counts,
      max(post_count) as busiest_day_post_count
    from
      (
        select
          tid,
          day,
          count(*)::int as post_count
        from
          (
            select
              f.*
            from
              baked_next.changed_thread_details g
              cross join lateral (
                select
                  pid
                from
                  public.posts
                where
                  tid = g.tid
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
            where
              f.tid = g.tid
          ) counted_posts
        group by
          tid,
          day
      ) of_day
    group by
      tid
  ) timeline
  join (
    select
      tid,
      array_agg(
        uid
        order by
          rank
      ) as uids,
      array_agg(
        post_count
        order by
          rank
      ) as user_post_counts
    from
      (
        select
          tid,
          uid,
          post_count,
          row_number() over (
            partition by
              tid
            order by
              post_count desc,
              uid
          ) as rank
        from
          (
            select
              tid,
              uid,
              count(*)::int as post_count
            from
              (
                select
                  f.*
                from
                  baked_next.changed_thread_details g
                  cross join lateral (
                    select
                      pid
                    from
                      public.posts
                    where
                      tid = g.tid
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
                where
                  f.tid = g.tid
              ) counted_posts
            group by
              tid,
              uid
          ) of_user
      ) ranked
    where
      rank <= 20
    group by
      tid
  ) users using (tid)
  left join (
    select
      tid,
      array_agg(
        pid
        order by
          rank
      ) as quoted_pids,
      array_agg(
        quoted_count
        order by
          rank
      ) as quoted_counts
    from
      (
        select
          tid,
          pid,
          quoted_count,
          row_number() over (
            partition by
              tid
            order by
              quoted_count desc,
              pid
          ) as rank
        from
          (
            select
              quoted_tid as tid,
              quoted_pid as pid,
              sum(sign)::int as quoted_count
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
                  (
                    select
                      q.*
                    from
                      baked_next.changed_thread_details g
                      cross join lateral (
                        select
                          pid
                        from
                          public.posts
                        where
                          tid = g.tid
                        offset
                          0 /* fence: looked up one by one, whatever the planner expects */
                      ) p
                      cross join lateral (
                        select
                          *
                        from
                          baked.post_quotes
                        where
                          quoted_pid = p.pid
                        offset
                          0 /* fence: looked up one by one, whatever the planner expects */
                      ) q
                  ) q
                  join baked.post_facts quoting on quoting.pid = q.pid
                  join baked.post_facts quoted on quoted.pid = q.quoted_pid
                where
                  quoting.uid is not null
                  and quoting.bid is not null
                  and quoting.day is not null
                  and quoted.uid is not null
                  and quoted.bid is not null
                  and quoted.day is not null
              ) quotes
            group by
              quoted_tid,
              quoted_pid
          ) of_post
      ) ranked
    where
      rank <= 10
    group by
      tid
  ) quoted using (tid);

analyze baked_next.thread_details;

-- thread_details: updated
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
    quoted_counts
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
  quoted_counts
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
  quoted_counts = excluded.quoted_counts
where
  (
    t.busiest_day,
    t.busiest_day_post_count,
    t.days,
    t.day_post_counts,
    t.uids,
    t.user_post_counts,
    t.quoted_pids,
    t.quoted_counts
  ) is distinct from (
    excluded.busiest_day,
    excluded.busiest_day_post_count,
    excluded.days,
    excluded.day_post_counts,
    excluded.uids,
    excluded.user_post_counts,
    excluded.quoted_pids,
    excluded.quoted_counts
  );

-- thread_facts: changes, computed after its sources are updated
create table baked_next.changed_thread_facts as
select distinct
  tid
from
  (
    select
      tid
    from
      baked_next.counted_posts
    group by
      tid,
      bid,
      pid,
      uid,
      unix_s
    having
      sum(sign) <> 0
  ) gained_or_lost;

analyze baked_next.changed_thread_facts;

create table baked_next.thread_facts as
select
  tid::integer as tid,
  bid::integer as bid,
  pid::integer as pid,
  unix_s::bigint as unix_s,
  post_count::integer as post_count,
  participants::integer as participants,
  fast_count::integer as fast_count,
  silences_s::bigint[] as silences_s,
  silence_pids::integer[] as silence_pids,
  silence_unix_s::bigint[] as silence_unix_s
from
  (
    select
      tid,
      bid,
      min(pid) filter (
        where
          silence is null
      ) as pid,
      opened as unix_s,
      count(*) as post_count,
      count(distinct uid) as participants,
      count(*) filter (
        where
          unix_s - opened < 86400
      ) as fast_count,
      coalesce(
        array_agg(
          silence
          order by
            unix_s,
            pid
        ) filter (
          where
            is_record
        ),
        '{}'
      ) as silences_s,
      coalesce(
        array_agg(
          pid
          order by
            unix_s,
            pid
        ) filter (
          where
            is_record
        ),
        '{}'
      ) as silence_pids,
      coalesce(
        array_agg(
          unix_s
          order by
            unix_s,
            pid
        ) filter (
          where
            is_record
        ),
        '{}'
      ) as silence_unix_s
    from
      (
        select
          *,
          silence > coalesce(
            max(silence) over (
              partition by
                tid
              order by
                unix_s,
                pid rows between unbounded preceding
                and 1 preceding
            ),
            0
          ) as is_record
        from
          (
            select
              tid,
              bid,
              pid,
              uid,
              unix_s,
              unix_s - lag(unix_s) over of_thread as silence,
              first_value(unix_s) over of_thread as opened
            from
              (
                select
                  f.*
                from
                  baked_next.changed_thread_facts g
                  cross join lateral (
                    select
                      pid
                    from
                      public.posts
                    where
                      tid = g.tid
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
                where
                  f.tid = g.tid
              ) counted_posts
            window
              of_thread as (
                partition by
                  tid
                order by
                  unix_s,
                  pid
              )
          ) of_post
      ) with_records
    group by
      tid,
      bid,
      opened
  ) of_thread;

analyze baked_next.thread_facts;

-- thread_facts: updated
delete from baked.thread_facts t using baked_next.changed_thread_facts changed
where
  t.tid = changed.tid
  and not exists (
    select
    from
      baked_next.thread_facts n
    where
      n.tid = t.tid
  );

insert into
  baked.thread_facts as t (
    tid,
    bid,
    pid,
    unix_s,
    post_count,
    participants,
    fast_count,
    silences_s,
    silence_pids,
    silence_unix_s
  )
select
  tid,
  bid,
  pid,
  unix_s,
  post_count,
  participants,
  fast_count,
  silences_s,
  silence_pids,
  silence_unix_s
from
  baked_next.thread_facts
on conflict (tid) do update
set
  bid = excluded.bid,
  pid = excluded.pid,
  unix_s = excluded.unix_s,
  post_count = excluded.post_count,
  participants = excluded.participants,
  fast_count = excluded.fast_count,
  silences_s = excluded.silences_s,
  silence_pids = excluded.silence_pids,
  silence_unix_s = excluded.silence_unix_s
where
  (
    t.bid,
    t.pid,
    t.unix_s,
    t.post_count,
    t.participants,
    t.fast_count,
    t.silences_s,
    t.silence_pids,
    t.silence_unix_s
  ) is distinct from (
    excluded.bid,
    excluded.pid,
    excluded.unix_s,
    excluded.post_count,
    excluded.participants,
    excluded.fast_count,
    excluded.silences_s,
    excluded.silence_pids,
    excluded.silence_unix_s
  );

-- thread_stats: changes, computed after its sources are updated
create table baked_next.changed_thread_stats as
select
  tid,
  existing.year as old_year,
  existing.bid as old_bid
from
  (
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
      ) gained_or_lost
  ) changed
  left join baked.thread_stats existing using (tid);

analyze baked_next.changed_thread_stats;

create table baked_next.thread_stats as
select
  tid::integer as tid,
  bid::integer as bid,
  year::smallint as year,
  uid::integer as uid,
  opened::bigint as opened,
  post_count::integer as post_count,
  participants::integer as participants,
  (pids[1])::integer as first_pid,
  (pids[post_count])::integer as last_pid,
  (first_reply - opened)::bigint as first_reply_s,
  (times[post_count] - opened)::bigint as lifetime_s,
  (times[(post_count + 1) / 2] - opened)::bigint as half_life_s,
  longest_silence_s::bigint as longest_silence_s,
  (
    case
      when post_count > 1 then pids[array_position(silences_s, longest_silence_s)]
    end
  )::integer as silence_pid,
  (coalesce(times_quoted, 0))::bigint as times_quoted
from
  (
    select
      tid,
      min(bid) as bid,
      min(opening_year) as year,
      min(opener) as uid,
      min(unix_s) as opened,
      count(*)::int as post_count,
      count(distinct uid) as participants,
      min(unix_s) filter (
        where
          uid <> opener
      ) as first_reply,
      max(silence_s) as longest_silence_s,
      array_agg(
        pid
        order by
          unix_s,
          pid
      ) as pids,
      array_agg(
        unix_s
        order by
          unix_s,
          pid
      ) as times,
      array_agg(
        silence_s
        order by
          unix_s,
          pid
      ) as silences_s
    from
      (
        select
          tid,
          bid,
          uid,
          pid,
          unix_s,
          unix_s - lag(unix_s) over thread as silence_s,
          first_value(uid) over thread as opener,
          first_value(year) over thread as opening_year
        from
          (
            select
              f.*
            from
              baked_next.changed_thread_stats g
              cross join lateral (
                select
                  pid
                from
                  public.posts
                where
                  tid = g.tid
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
            where
              f.tid = g.tid
          ) counted_posts
        window
          thread as (
            partition by
              tid
            order by
              unix_s,
              pid
          )
      ) post
    group by
      tid
  ) thread
  left join (
    select
      quoted_tid as tid,
      sum(count) as times_quoted
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
          (
            select
              q.*
            from
              baked_next.changed_thread_stats g
              cross join lateral (
                select
                  pid
                from
                  public.posts
                where
                  tid = g.tid
                offset
                  0 /* fence: looked up one by one, whatever the planner expects */
              ) p
              cross join lateral (
                select
                  *
                from
                  baked.post_quotes
                where
                  quoted_pid = p.pid
                offset
                  0 /* fence: looked up one by one, whatever the planner expects */
              ) q
          ) q
          join baked.post_facts quoting on quoting.pid = q.pid
          join baked.post_facts quoted on quoted.pid = q.quoted_pid
        where
          quoting.uid is not null
          and quoting.bid is not null
          and quoting.day is not null
          and quoted.uid is not null
          and quoted.bid is not null
          and quoted.day is not null
      ) quotes
    group by
      quoted_tid
  ) quoted using (tid);

analyze baked_next.thread_stats;

-- thread_stats: updated
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
    silence_pid,
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
  silence_pid,
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
  silence_pid = excluded.silence_pid,
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
    t.silence_pid,
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
    excluded.silence_pid,
    excluded.times_quoted
  );

-- user_domains: updated
insert into
  baked.user_domains as t (uid, domain, year, type, count)
select
  uid,
  domain,
  year,
  type,
  sum(count)
from
  baked_next.user_domains
group by
  uid,
  domain,
  year,
  type
having
  sum(count) <> 0
on conflict (uid, domain, year, type) do update
set
  count = t.count + excluded.count;

delete from baked.user_domains t using baked_next.user_domains delta
where
  t.uid = delta.uid
  and t.domain = delta.domain
  and t.year = delta.year
  and t.type = delta.type
  and t.count = 0;

-- user_hours: updated
insert into
  baked.user_hours as t (uid, year, bid, hours, post_counts)
select
  uid,
  year,
  bid,
  coalesce(
    array_agg(
      hour
      order by
        hour
    ) filter (
      where
        post_count <> 0
    ),
    '{}'
  ),
  coalesce(
    array_agg(
      post_count
      order by
        hour
    ) filter (
      where
        post_count <> 0
    ),
    '{}'
  )
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
              baked_next.user_hours
          ) delta
        union all
        select
          existing.uid,
          existing.year,
          existing.bid,
          of_hour.hour,
          of_hour.post_count
        from
          baked.user_hours existing
          join baked_next.user_hours using (uid, year, bid),
          unnest(existing.hours, existing.post_counts) as of_hour (hour, post_count)
      ) existing_and_delta
    group by
      uid,
      year,
      bid,
      hour
  ) of_hour
group by
  uid,
  year,
  bid
on conflict (uid, year, bid) do update
set
  hours = excluded.hours,
  post_counts = excluded.post_counts
where
  (t.hours, t.post_counts) <> (excluded.hours, excluded.post_counts);

delete from baked.user_hours t using baked_next.user_hours delta
where
  t.uid = delta.uid
  and t.year = delta.year
  and t.bid = delta.bid
  and t.hours = '{}';

-- user_threads: changes, computed after its sources are updated
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
  (
    array_agg(
      tid
      order by
        post_count desc,
        tid
    )
  )::integer[] as tids,
  (
    array_agg(
      post_count
      order by
        post_count desc,
        tid
    )
  )::integer[] as post_counts,
  (
    array_agg(
      first_pid
      order by
        post_count desc,
        tid
    )
  )::integer[] as first_pids,
  (
    array_agg(
      last_pid
      order by
        post_count desc,
        tid
    )
  )::integer[] as last_pids
from
  (
    select
      uid,
      bid,
      tid,
      count(*)::int as post_count,
      (
        array_agg(
          pid
          order by
            unix_s,
            pid
        )
      ) [1] as first_pid,
      (
        array_agg(
          pid
          order by
            unix_s,
            pid
        )
      ) [count(*)] as last_pid
    from
      (
        select
          f.*
        from
          (
            select distinct
              tid
            from
              baked_next.changed_user_threads_tids
          ) g
          cross join lateral (
            select
              pid
            from
              public.posts
            where
              tid = g.tid
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
        where
          f.tid = g.tid
      ) post
      join baked_next.changed_user_threads_tids using (uid, bid, tid)
    group by
      uid,
      bid,
      tid
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
  ) of_thread
group by
  uid,
  bid;

analyze baked_next.user_threads;

-- user_threads: updated
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

-- daily_quoted: changes, computed after its sources are updated
create table baked_next.changed_daily_quoted as
select distinct
  quoted_day as day
from
  (
    select
      quoted_day
    from
      baked_next.quotes
    group by
      quoted_day,
      quoted_bid,
      pid,
      quoted_pid
    having
      sum(sign) <> 0
  ) gained_or_lost;

analyze baked_next.changed_daily_quoted;

create table baked_next.daily_quoted as
select
  bid::integer as bid,
  day::date as day,
  (((((best + 4294967295) >> 32) << 32) - best))::integer as pid,
  (((best + 4294967295) >> 32))::integer as quoted_count
from
  (
    with
      of_board as materialized (
        select
          quoted_bid as bid,
          quoted_day as day,
          max(((quoted_count)::bigint << 32) - quoted_pid) as best
        from
          (
            select
              quoted_pid,
              quoted_bid,
              quoted_day,
              count(*) as quoted_count
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
                  (
                    select
                      q.*
                    from
                      (
                        select
                          f.*
                        from
                          baked_next.changed_daily_quoted g
                          cross join lateral (
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
                              f.pid = p.pid
                              and f.uid is not null
                              and f.bid is not null
                              and f.day is not null
                            offset
                              0 /* fence: looked up one by one, whatever the planner expects */
                          ) f
                        where
                          f.day = g.day
                      ) p
                      join baked.post_quotes q on q.quoted_pid = p.pid
                  ) q
                  join baked.post_facts quoting on quoting.pid = q.pid
                  join baked.post_facts quoted on quoted.pid = q.quoted_pid
                where
                  quoting.uid is not null
                  and quoting.bid is not null
                  and quoting.day is not null
                  and quoted.uid is not null
                  and quoted.bid is not null
                  and quoted.day is not null
              ) quotes
            group by
              quoted_pid,
              quoted_bid,
              quoted_day
          ) of_post
        group by
          quoted_bid,
          quoted_day
      )
    select
      bid,
      day,
      best
    from
      of_board
    union all
    select
      0,
      day,
      max(best)
    from
      of_board
    group by
      day
  ) of_selection
order by
  bid,
  day;

analyze baked_next.daily_quoted;

-- daily_quoted: updated
delete from baked.daily_quoted t using baked_next.changed_daily_quoted changed
where
  t.day = changed.day
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
              baked_next.user_hours
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
      and (
        delta.bid = 0
        or existing.bid = delta.bid
      )
      and 24 * (delta.weekday - 1) + delta.hour = any (existing.hours)
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

analyze baked_next.quote_pairs;

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

-- thread_records: changes, computed after its sources are updated
create table baked_next.changed_thread_records as
select
  tid
from
  baked_next.changed_thread_facts;

analyze baked_next.changed_thread_records;

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
          'largest_thread' as record,
          bid,
          post_count::bigint as value,
          unix_s,
          pid,
          tid
        from
          (
            select
              thread_facts.*
            from
              baked.thread_facts
              join baked_next.changed_thread_records using (tid)
          ) thread
        where
          true
        union all
        select
          'most_participants' as record,
          bid,
          participants::bigint as value,
          unix_s,
          pid,
          tid
        from
          (
            select
              thread_facts.*
            from
              baked.thread_facts
              join baked_next.changed_thread_records using (tid)
          ) thread
        where
          true
        union all
        select
          'fastest_thread' as record,
          bid,
          fast_count::bigint as value,
          unix_s,
          pid,
          tid
        from
          (
            select
              thread_facts.*
            from
              baked.thread_facts
              join baked_next.changed_thread_records using (tid)
          ) thread
        where
          true
        union all
        select
          'longest_silence' as record,
          bid,
          unnest(silences_s) as value,
          unnest(silence_unix_s) as unix_s,
          unnest(silence_pids) as pid,
          tid
        from
          (
            select
              thread_facts.*
            from
              baked.thread_facts
              join baked_next.changed_thread_records using (tid)
          ) thread
        where
          true
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

analyze baked_next.items_thread_records;

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
                                      'largest_thread' as record,
                                      bid,
                                      post_count::bigint as value,
                                      unix_s,
                                      pid,
                                      tid
                                    from
                                      baked.thread_facts
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
                                      'most_participants' as record,
                                      bid,
                                      participants::bigint as value,
                                      unix_s,
                                      pid,
                                      tid
                                    from
                                      baked.thread_facts
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
                                      'fastest_thread' as record,
                                      bid,
                                      fast_count::bigint as value,
                                      unix_s,
                                      pid,
                                      tid
                                    from
                                      baked.thread_facts
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
                                      'longest_silence' as record,
                                      bid,
                                      unnest(silences_s) as value,
                                      unnest(silence_unix_s) as unix_s,
                                      unnest(silence_pids) as pid,
                                      tid
                                    from
                                      baked.thread_facts
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
              )
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

analyze baked_next.thread_records;

-- thread_records: updated
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

create table baked_next.thread_replies as
select
  (coalesce(year, 0))::smallint as year,
  (coalesce(bid, 0))::integer as bid,
  (count(*))::integer as threads,
  (
    count(*) filter (
      where
        first_reply_s is null
    )
  )::integer as unanswered,
  (
    percentile_disc(0.5) within group (
      order by
        first_reply_s
    )
  )::bigint as first_reply_p50_s,
  (
    percentile_disc(0.9) within group (
      order by
        first_reply_s
    )
  )::bigint as first_reply_p90_s,
  (
    percentile_disc(0.5) within group (
      order by
        lifetime_s
    )
  )::bigint as lifetime_p50_s,
  (
    percentile_disc(0.9) within group (
      order by
        lifetime_s
    )
  )::bigint as lifetime_p90_s
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
  count(*) > 0;

analyze baked_next.thread_replies;

-- thread_replies: updated
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

create table baked_next.user_streaks as
select
  uid::integer as uid,
  active_days::integer as active_days,
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
    with
      beginnings as materialized (
        select
          uid,
          day as from_day,
          previous,
          last_day
        from
          (
            select
              uid,
              day,
              lag(day) over (
                partition by
                  uid
                order by
                  day
              ) as previous,
              max(day) over (
                partition by
                  uid
              ) as last_day
            from
              (
                select distinct
                  uid,
                  day
                from
                  (
                    select
                      user_days.*
                    from
                      baked.user_days
                      join baked_next.changed_user_streaks using (uid)
                  ) user_days
              ) of_day
          ) of_day
        where
          previous is null
          or day - previous > 1
      ),
      streaks as (
        select
          *,
          days > coalesce(
            max(days) over (
              partition by
                uid
              order by
                from_day rows between unbounded preceding
                and 1 preceding
            ),
            0
          ) as is_record,
          pause > coalesce(
            max(pause) over (
              partition by
                uid
              order by
                from_day rows between unbounded preceding
                and 1 preceding
            ),
            0
          ) as is_record_pause
        from
          (
            select
              uid,
              from_day,
              last_day,
              from_day - previous - 1 as pause,
              coalesce(
                lead(previous) over (
                  partition by
                    uid
                  order by
                    from_day
                ),
                last_day
              ) - from_day + 1 as days
            from
              beginnings
          ) streak
      ),
      weeks as (
        select
          uid,
          max(weeks) as weeks,
          (
            array_agg(
              monday
              order by
                weeks desc,
                monday
            )
          ) [1] as weeks_from
        from
          (
            select
              uid,
              date '0001-01-01' + 7 * week as monday,
              coalesce(
                (
                  lead(previous) over (
                    partition by
                      uid
                    order by
                      from_day
                  ) - date '0001-01-01'
                ) / 7,
                (last_day - date '0001-01-01') / 7
              ) - week + 1 as weeks
            from
              (
                select
                  *,
                  (from_day - date '0001-01-01') / 7 as week
                from
                  beginnings
              ) of_week
            where
              previous is null
              or week - (previous - date '0001-01-01') / 7 > 1
          ) series
        group by
          uid
      )
    select
      uid,
      weeks,
      weeks_from,
      sum(days) as active_days,
      min(from_day) as first_day,
      max(last_day) as last_day,
      max(days) as longest_days,
      max(from_day) filter (
        where
          is_record
      ) as longest_from,
      max(from_day) as running_from,
      max(pause) as pause_days,
      max(from_day) filter (
        where
          is_record_pause
      ) as last_comeback,
      coalesce(
        array_agg(
          days
          order by
            from_day
        ) filter (
          where
            is_record
        ),
        '{}'
      ) as streak_days,
      coalesce(
        array_agg(
          from_day
          order by
            from_day
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
            from_day
        ) filter (
          where
            is_record_pause
        ),
        '{}'
      ) as pauses_days,
      coalesce(
        array_agg(
          from_day
          order by
            from_day
        ) filter (
          where
            is_record_pause
        ),
        '{}'
      ) as comebacks
    from
      streaks
      join weeks using (uid)
    group by
      uid,
      weeks,
      weeks_from
  ) of_user;

analyze baked_next.user_streaks;

-- user_streaks: updated
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

analyze baked_next.items_day_records;

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
            union all
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
              )
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

analyze baked_next.day_records;

-- day_records: updated
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
      min(unix_s) as unix_s
    from
      (
        select
          bid,
          unix_s
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
      sum(post_count)
    from
      baked.daily_stats existing
    where
      existing.bid = changed.bid
  ) >= case
    when number < 1000000 then 10 * number
    else number + 1000000
  end;

analyze baked_next.changed_milestones;

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
      ) target
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
                  f.pid = p.pid
                  and f.uid is not null
                  and f.bid is not null
                  and f.day is not null
                offset
                  0 /* fence: looked up one by one, whatever the planner expects */
              ) f
            where
              f.day = g.day
          ) counted_posts
      ) f on f.day = target.day
      and target.bid in (0, f.bid)
  ) near
where
  place = number;

analyze baked_next.milestones;

-- milestones: updated
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
  sum(post_count),
  sum(edit_count),
  sum(posts_length),
  coalesce(div(2 * (sum(posts_length)) + (sum(post_count)), nullif(2 * (sum(post_count)), 0)), 0),
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
  post_count = t.post_count + excluded.post_count,
  edit_count = t.edit_count + excluded.edit_count,
  posts_length = t.posts_length + excluded.posts_length,
  avg_post_length = coalesce(
    div(
      2 * (t.posts_length + excluded.posts_length) + (t.post_count + excluded.post_count),
      nullif(2 * (t.post_count + excluded.post_count), 0)
    ),
    0
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

analyze baked_next.items_user_records;

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
            union all
            select
              bid,
              record,
              value,
              day,
              uid
            from
              (
                with
                  of_user as materialized (
                    select
                      uid,
                      day,
                      sum(post_count) as post_count,
                      count(*) as boards
                    from
                      baked.user_days
                    group by
                      uid,
                      day
                  )
                select
                  record,
                  bid,
                  ((best + 4294967295) >> 32) as value,
                  day,
                  ((((best + 4294967295) >> 32) << 32) - best)::int as uid
                from
                  (
                    select
                      'user_day' as record,
                      bid as bid,
                      day as day,
                      max(((post_count)::bigint << 32) - uid) as best
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
                    union all
                    select
                      'user_day' as record,
                      0 as bid,
                      day as day,
                      max(((post_count)::bigint << 32) - uid) as best
                    from
                      of_user
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
                    union all
                    select
                      'user_week' as record,
                      bid as bid,
                      period as day,
                      max(((post_count)::bigint << 32) - uid) as best
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
                    union all
                    select
                      'user_week' as record,
                      0 as bid,
                      period as day,
                      max(((post_count)::bigint << 32) - uid) as best
                    from
                      (
                        select
                          uid,
                          (day - (day - date '0001-01-01') % 7) as period,
                          sum(post_count) as post_count
                        from
                          of_user
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
                    union all
                    select
                      'user_month' as record,
                      bid as bid,
                      period as day,
                      max(((post_count)::bigint << 32) - uid) as best
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
                    union all
                    select
                      'user_month' as record,
                      0 as bid,
                      period as day,
                      max(((post_count)::bigint << 32) - uid) as best
                    from
                      (
                        select
                          uid,
                          (day - date_part('day', day)::int + 1) as period,
                          sum(post_count) as post_count
                        from
                          of_user
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
                    union all
                    select
                      'user_year',
                      bid,
                      make_date(year, 1, 1),
                      max(((post_count)::bigint << 32) - uid)
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
                    union all
                    select
                      'most_boards' as record,
                      0 as bid,
                      day as day,
                      max(((boards)::bigint << 32) - uid) as best
                    from
                      of_user
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
            where
              (record, bid) in (
                select
                  record,
                  bid
                from
                  baked_next.diminished_user_records
              )
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

analyze baked_next.user_records;

-- user_records: updated
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
              'longest_streak' as record,
              0 as bid,
              uid,
              unnest(streak_days) as value,
              unnest(streak_froms) as day
            from
              baked.user_streaks
            union all
            select
              'longest_pause',
              0,
              uid,
              unnest(pauses_days),
              unnest(comebacks)
            from
              baked.user_streaks
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

analyze baked_next.streak_records;

-- streak_records: updated
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

analyze baked_next.user_year_quoted;

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
  (
    select
      f.*
    from
      (
        select distinct
          tid
        from
          baked_next.changed_user_year_threads_items
      ) g
      cross join lateral (
        select
          pid
        from
          public.posts
        where
          tid = g.tid
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
    where
      f.tid = g.tid
  ) post
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

analyze baked_next.user_year_threads;

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
                  f.pid = p.pid
                  and f.uid is not null
                  and f.bid is not null
                  and f.day is not null
                offset
                  0 /* fence: looked up one by one, whatever the planner expects */
              ) f
            where
              f.day = g.day
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

analyze baked_next.week_users;

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
              baked_next.user_hours
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
      unnest(existing.hours) as hour
    where
      existing.uid = delta.uid
      and (
        delta.year = 0
        or existing.year = delta.year
      )
      and (
        delta.bid = 0
        or existing.bid = delta.bid
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
  (max(day) - min(day) + 1)::int as days,
  min(day) as from_day,
  uid
from
  (
    select
      uid,
      date_part('year', day)::smallint as year,
      day,
      day - (
        dense_rank() over (
          partition by
            uid
          order by
            day
        )
      )::int as island
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
  ) of_day
group by
  uid,
  year,
  island;

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
              (max(day) - min(day) + 1)::int as days,
              min(day) as from_day,
              uid
            from
              (
                select
                  uid,
                  date_part('year', day)::smallint as year,
                  day,
                  day - (
                    dense_rank() over (
                      partition by
                        uid
                      order by
                        day
                    )
                  )::int as island
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
              ) of_day
            group by
              uid,
              year,
              island
          ) item
      ) item
    order by
      year,
      days desc,
      from_day,
      uid
  ) best;

analyze baked_next.year_streaks;

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
select
  tid
from
  baked_next.changed_thread_stats
union
select
  tid
from
  baked_next.changed_thread_details;

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
      date_part('year', day)::smallint as year,
      bid,
      tid,
      sum(n)::int as post_count
    from
      (
        select
          s.*
        from
          baked.thread_stats s
          join baked_next.changed_year_threads_items using (tid)
      ) stats
      join baked.thread_details details using (tid),
      unnest(days, day_post_counts) as of_day (day, n)
    group by
      date_part('year', day)::smallint,
      bid,
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
      changed.tid = old.tid
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
      changed.tid = old.tid
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
              changed.tid = old.tid
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

analyze baked_next.year_threads;

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
