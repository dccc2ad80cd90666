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
  quoted.uid as quoted_uid
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
  quoted.uid as quoted_uid
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

analyze baked_next.link_totals;

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
