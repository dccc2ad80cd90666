-- A full run, without keys and indexes. Users, boards, threads, quotes and links are derived in TypeScript.
-- Generated from analytics/inputs, intermediates and statistics by `bun run docs`: do not edit.

-- post_facts
create table baked_next.post_facts as
select
  p.pid::integer as pid,
  p.poster_uid::integer as uid,
  t.bid::integer as bid,
  p.tid::integer as tid,
  local.unix_s::bigint as unix_s,
  local.time::date as day,
  (date_part('year', local.time))::smallint as year,
  ((floor(date_part('epoch', local.time) / 3600)::bigint + 17259888) % 168)::smallint as hour,
  (greatest(p.content_length, 0))::integer as length,
  (greatest(p.edit_count, 0))::integer as edit_count,
  (coalesce(opened.threads, 0))::integer as threads_created
from
  public.posts p
  left join public.threads t on t.tid = p.tid
  cross join lateral (
    select
      timezone ('Europe/Berlin', timezone (interval '0', known.time)) as time,
      floor(date_part('epoch', known.time)) as unix_s
    from
      (
        select
          case
            when p.timestamp between '0001-01-02' and '9999-12-30' then p.timestamp
          end as time
      ) known
    offset
      0 /* fence: computed once per post, not once per use */
  ) local
  left join (
    select
      first_pid,
      bid,
      count(*) as threads
    from
      public.threads
    where
      first_pid is not null
    group by
      first_pid,
      bid
  ) opened on opened.first_pid = p.pid
  and opened.bid = t.bid;

-- counted_posts, derived from post_facts
create view baked_next.counted_posts as
select
  1 as sign,
  f.*
from
  baked_next.post_facts f
where
  f.uid is not null
  and f.bid is not null
  and f.day is not null;

-- quotes, derived from post_quotes, post_facts
create unlogged table baked_next.quotes as
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
  baked_next.post_quotes q
  join baked_next.post_facts quoting on quoting.pid = q.pid
  join baked_next.post_facts quoted on quoted.pid = q.quoted_pid
where
  quoting.uid is not null
  and quoting.bid is not null
  and quoting.day is not null
  and quoted.uid is not null
  and quoted.bid is not null
  and quoted.day is not null;

analyze baked_next.quotes;

-- links, derived from post_links, post_facts
create unlogged table baked_next.links as
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
  baked_next.post_links l
  join baked_next.post_facts f on f.pid = l.pid
where
  f.uid is not null
  and f.bid is not null
  and f.day is not null;

analyze baked_next.links;

-- thread_summaries, derived from counted_posts
create unlogged table baked_next.thread_summaries as
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
          baked_next.counted_posts
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

-- thread_quotes, derived from quotes
create unlogged table baked_next.thread_quotes as
select
  quoted_tid as tid,
  sum(count) as times_quoted
from
  baked_next.quotes
group by
  quoted_tid;

analyze baked_next.thread_quotes (tid);

-- quoted_posts, derived from quotes
create unlogged table baked_next.quoted_posts as
select
  quoted_pid as pid,
  min(quoted_tid) as tid,
  min(quoted_bid) as bid,
  min(quoted_day) as day,
  min(quoted_unix_s) as unix_s,
  count(*)::int as quoted_count
from
  baked_next.quotes
group by
  quoted_pid;

analyze baked_next.quoted_posts (tid);

-- user_board_hours, derived from counted_posts
create unlogged table baked_next.user_board_hours as
select
  uid,
  year,
  bid,
  array_agg(hour) as hours,
  array_agg(post_count) as post_counts,
  bit_or(
    set_bit(
      B'000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
      hour,
      1
    )
  ) as hour_bits,
  bit_or(set_bit(B'0000000', hour / 24, 1)) as weekday_bits
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

analyze baked_next.user_board_hours (uid, year, bid);

-- user_dates, derived from user_days
create unlogged table baked_next.user_dates as
select
  uid,
  day,
  sum(post_count)::int as post_count,
  count(*)::int as boards
from
  baked_next.user_days
group by
  uid,
  day;

analyze baked_next.user_dates (uid, day);

-- post_records, derived from counted_posts, links, quotes, quoted_posts
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
            with
              counts as materialized (
                select
                  'most_links' as record,
                  min(bid) as bid,
                  min(unix_s) as unix_s,
                  pid,
                  sum(count)::bigint as value
                from
                  baked_next.links
                where
                  true
                group by
                  pid
                having
                  sum(count)::bigint > 1
                  or min(unix_s) in (
                    select
                      min(unix_s)
                    from
                      baked_next.links
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
                  baked_next.quotes
                where
                  true
                group by
                  pid
                having
                  count(*) > 1
                  or min(unix_s) in (
                    select
                      min(unix_s)
                    from
                      baked_next.quotes
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
                  baked_next.quoted_posts
                where
                  true
                group by
                  pid
                having
                  min(quoted_count)::bigint > 1
                  or min(unix_s) in (
                    select
                      min(unix_s)
                    from
                      baked_next.quoted_posts
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
                  baked_next.counted_posts
                where
                  true
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
                      baked_next.counted_posts
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
                      baked_next.counted_posts
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
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

-- quote_graph, derived from quotes
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
          baked_next.quotes
        group by
          year,
          bid,
          quoter_uid,
          quoted_uid
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
          of_year
        group by
          quoter_uid,
          quoted_uid
      ) of_pair
  ) edge
order by
  quoter_uid,
  year,
  bid,
  quoted_uid;

-- user_domains, derived from links
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

-- user_threads, derived from thread_summaries
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

-- daily_quoted, derived from quoted_posts
create table baked_next.daily_quoted as
select
  bid::integer as bid,
  day::date as day,
  (((((best + 4294967295) >> 32) << 32) - best - 2147483648))::integer as pid,
  (((best + 4294967295) >> 32))::integer as quoted_count
from
  (
    with
      of_board as materialized (
        select
          bid,
          day,
          max(((quoted_count)::bigint << 32) - (pid + 2147483648)) as best
        from
          baked_next.quoted_posts
        group by
          bid,
          day
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

-- daily_threads, derived from thread_summaries
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
                  baked_next.thread_summaries
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

-- domains, derived from user_domains
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

-- link_totals, derived from user_domains
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

-- quote_pairs, derived from quotes
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
      baked_next.quotes
    group by
      quoter_uid,
      quoted_uid
  ) pair;

-- thread_details, derived from thread_summaries, quoted_posts
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
  baked_next.thread_summaries
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
          baked_next.quoted_posts
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

-- thread_stats, derived from thread_summaries, thread_quotes
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
  baked_next.thread_summaries
  left join baked_next.thread_quotes using (tid);

-- thread_records, derived from thread_stats, counted_posts
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
      item.*,
      post.uid,
      post.day
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
                                  baked_next.thread_stats
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
                                  baked_next.thread_stats
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
                                  baked_next.thread_stats
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
                                  baked_next.thread_stats
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
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) item
      cross join lateral (
        select
          uid,
          day
        from
          baked_next.counted_posts
        where
          pid = item.pid
        offset
          0 /* fence: few are looked up */
      ) post
  ) history;

-- thread_replies, derived from thread_stats
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
      baked_next.thread_stats
    group by
      grouping sets ((year, bid), (year), (bid), ())
    having
      count(*) > 0
  ) of_selection;

-- user_days, derived from counted_posts
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

-- user_streaks, derived from user_dates
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
          baked_next.user_dates
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

-- daily_stats, derived from user_days, user_dates
create table baked_next.daily_stats as
select
  day::date as day,
  bid::integer as bid,
  post_count::integer as post_count,
  edit_count::bigint as edit_count,
  posts_length::bigint as posts_length,
  threads_created::integer as threads_created,
  active_users::integer as active_users
from
  (
    with
      of_board as materialized (
        select
          day,
          bid,
          sum(post_count)::bigint as post_count,
          sum(edit_count)::bigint as edit_count,
          sum(posts_length)::bigint as posts_length,
          sum(threads_created)::bigint as threads_created,
          count(*) as active_users
        from
          baked_next.user_days
        group by
          day,
          bid
      )
    select
      day,
      bid,
      post_count,
      edit_count,
      posts_length,
      threads_created,
      active_users
    from
      of_board
    union all
    /* sums of sums, because a day has few boards; distinct users do not add up */
    select
      day,
      0,
      post_count,
      edit_count,
      posts_length,
      threads_created,
      active_users
    from
      (
        select
          day,
          sum(post_count)::bigint as post_count,
          sum(edit_count)::bigint as edit_count,
          sum(posts_length)::bigint as posts_length,
          sum(threads_created)::bigint as threads_created
        from
          of_board
        group by
          day
      ) of_day
      join (
        select
          day,
          count(*) as active_users
        from
          baked_next.user_dates
        group by
          day
      ) users using (day)
  ) of_selection
order by
  bid,
  day;

-- day_records, derived from daily_stats
create table baked_next.day_records as
select
  record::text collate "C" as record,
  bid::integer as bid,
  value::bigint as value,
  day::date as day
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
                  baked_next.daily_stats
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
                  baked_next.daily_stats
                where
                  true
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
                  baked_next.daily_stats
                where
                  true
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
                  baked_next.daily_stats
                where
                  true
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
                  baked_next.daily_stats
                where
                  true
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
  ) history;

-- milestones, derived from daily_stats, counted_posts
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
              baked_next.daily_stats
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
          baked_next.counted_posts
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

-- poster_stats, derived from user_days, quotes
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

-- user_records, derived from user_days, user_dates, poster_stats
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
                      baked_next.user_days
                    where
                      true
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
                      baked_next.user_dates
                    where
                      true
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
                          baked_next.user_days
                        where
                          true
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
                          baked_next.user_dates
                        where
                          true
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
                          baked_next.user_days
                        where
                          true
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
                          baked_next.user_dates
                        where
                          true
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
                      baked_next.poster_stats
                    where
                      year > 0
                      and true
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
                      baked_next.user_dates
                    where
                      true
                    group by
                      day
                  ) of_period
              ) item
          ) item_and_former
        where
          value > coalesce(former, 0)
      ) history
  ) history;

-- cohorts, derived from poster_stats
create table baked_next.cohorts as
select
  bid::integer as bid,
  cohort::smallint as cohort,
  year::smallint as year,
  (count(*))::integer as active_users,
  (sum(post_count))::integer as post_count
from
  (
    select
      s.bid,
      cohort,
      s.year,
      s.post_count
    from
      baked_next.poster_stats s
      join (
        select
          bid,
          uid,
          min(year) as cohort
        from
          baked_next.poster_stats s
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

-- streak_records, derived from user_streaks
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
              unnest(streak_days)::bigint as value,
              unnest(streak_froms) as day,
              uid
            from
              baked_next.user_streaks
            union all
            select
              'longest_pause',
              0,
              unnest(pauses_days)::bigint,
              unnest(comebacks),
              uid
            from
              baked_next.user_streaks
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

-- user_hours, derived from user_board_hours
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
      *
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
      ) of_board
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

-- hourly_stats, derived from user_board_hours
create table baked_next.hourly_stats as
select
  year::smallint as year,
  bid::integer as bid,
  (hour / 24 + 1)::smallint as weekday,
  (hour % 24)::smallint as hour,
  post_count::integer as post_count,
  active_users::integer as active_users
from
  (
    with
      of_user as (
        select
          year,
          bid,
          bits,
          units,
          value,
          bit_or(bits) over (
            partition by
              uid,
              year
            order by
              bid rows between unbounded preceding
              and 1 preceding
          ) as in_year,
          bit_or(bits) over (
            partition by
              uid,
              bid
            order by
              year rows between unbounded preceding
              and 1 preceding
          ) as in_board,
          bit_or(bits) over (
            partition by
              uid
            order by
              year,
              bid rows between unbounded preceding
              and 1 preceding
          ) as ever
        from
          (
            select
              uid,
              year,
              bid,
              hour_bits as bits,
              hours as units,
              post_counts as value
            from
              baked_next.user_board_hours
          ) of_group
      ),
      of_board as (
        select
          year,
          bid,
          unit,
          sum(value)::int as value,
          count(*)::int as in_both,
          count(*) filter (
            where
              in_year is null
              or get_bit(in_year, unit) = 0
          )::int as in_year,
          count(*) filter (
            where
              in_board is null
              or get_bit(in_board, unit) = 0
          )::int as in_board,
          count(*) filter (
            where
              ever is null
              or get_bit(ever, unit) = 0
          )::int as ever
        from
          (
            select
              year,
              bid,
              bits,
              in_year,
              in_board,
              ever,
              unnest(units) as unit,
              unnest(value) as value
            from
              of_user
          ) of_unit
        where
          get_bit(bits, unit) > 0
        group by
          year,
          bid,
          unit
      )
    select
      coalesce(year, 0) as year,
      coalesce(bid, 0) as bid,
      unit,
      sum(value) as value,
      case grouping(year, bid)
        when 0 then sum(in_both)
        when 1 then sum(in_year)
        when 2 then sum(in_board)
        else sum(ever)
      end as active_users
    from
      of_board
    group by
      grouping sets ((year, bid, unit), (year, unit), (bid, unit), (unit))
  ) of_hour (year, bid, hour, post_count, active_users);

-- user_year_quoted, derived from quotes
create table baked_next.user_year_quoted as
select
  quoted_uid::integer as uid,
  quoted_year::smallint as year,
  (((((best + 4294967295) >> 32) << 32) - best - 2147483648))::integer as pid,
  (((best + 4294967295) >> 32))::integer as quoted_count
from
  (
    select
      quoted_uid,
      quoted_year,
      max(((quoted_count)::bigint << 32) - (quoted_pid + 2147483648)) as best
    from
      (
        select
          quoted_uid,
          quoted_year,
          quoted_pid,
          count(*) as quoted_count
        from
          baked_next.quotes
        group by
          quoted_uid,
          quoted_year,
          quoted_pid
      ) of_post
    group by
      quoted_uid,
      quoted_year
  ) of_user
order by
  quoted_uid,
  quoted_year;

-- user_year_threads, derived from counted_posts
create table baked_next.user_year_threads as
select
  uid::integer as uid,
  year::smallint as year,
  (((((best + 4294967295) >> 32) << 32) - best - 2147483648))::integer as tid,
  (((best + 4294967295) >> 32))::integer as post_count
from
  (
    select
      uid,
      year,
      max(((post_count)::bigint << 32) - (tid + 2147483648)) as best
    from
      (
        select
          uid,
          year,
          tid,
          count(*)::int as post_count
        from
          baked_next.counted_posts
        group by
          uid,
          year,
          tid
      ) of_thread
    group by
      uid,
      year
  ) of_user
order by
  uid,
  year;

-- week_users, derived from user_days, daily_stats
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
      baked_next.user_days,
      (
        select
          (
            select
              max(day)
            from
              baked_next.daily_stats
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

-- weekday_stats, derived from daily_stats, user_board_hours
create table baked_next.weekday_stats as
select
  year::smallint as year,
  bid::integer as bid,
  weekday::smallint as weekday,
  post_count::integer as post_count,
  edit_count::bigint as edit_count,
  posts_length::bigint as posts_length,
  threads_created::integer as threads_created,
  active_users::integer as active_users
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
  ) sums
  join (
    select
      year,
      bid,
      unit + 1 as weekday,
      active_users
    from
      (
        with
          of_user as (
            select
              year,
              bid,
              bits,
              units,
              value,
              bit_or(bits) over (
                partition by
                  uid,
                  year
                order by
                  bid rows between unbounded preceding
                  and 1 preceding
              ) as in_year,
              bit_or(bits) over (
                partition by
                  uid,
                  bid
                order by
                  year rows between unbounded preceding
                  and 1 preceding
              ) as in_board,
              bit_or(bits) over (
                partition by
                  uid
                order by
                  year,
                  bid rows between unbounded preceding
                  and 1 preceding
              ) as ever
            from
              (
                select
                  uid,
                  year,
                  bid,
                  weekday_bits as bits,
                  '{0, 1, 2, 3, 4, 5, 6}'::int[] as units,
                  null::int[] as value
                from
                  baked_next.user_board_hours
              ) of_group
          ),
          of_board as (
            select
              year,
              bid,
              unit,
              sum(value)::int as value,
              count(*)::int as in_both,
              count(*) filter (
                where
                  in_year is null
                  or get_bit(in_year, unit) = 0
              )::int as in_year,
              count(*) filter (
                where
                  in_board is null
                  or get_bit(in_board, unit) = 0
              )::int as in_board,
              count(*) filter (
                where
                  ever is null
                  or get_bit(ever, unit) = 0
              )::int as ever
            from
              (
                select
                  year,
                  bid,
                  bits,
                  in_year,
                  in_board,
                  ever,
                  unnest(units) as unit,
                  unnest(value) as value
                from
                  of_user
              ) of_unit
            where
              get_bit(bits, unit) > 0
            group by
              year,
              bid,
              unit
          )
        select
          coalesce(year, 0) as year,
          coalesce(bid, 0) as bid,
          unit,
          sum(value) as value,
          case grouping(year, bid)
            when 0 then sum(in_both)
            when 1 then sum(in_year)
            when 2 then sum(in_board)
            else sum(ever)
          end as active_users
        from
          of_board
        group by
          grouping sets ((year, bid, unit), (year, unit), (bid, unit), (unit))
      ) of_unit
  ) users using (year, bid, weekday);

-- year_streaks, derived from user_dates, poster_stats
create table baked_next.year_streaks as
select
  year::smallint as year,
  days::integer as days,
  from_day::date as from_day,
  uid::integer as uid
from
  (
    with
      users as materialized (
        select
          uid,
          year,
          post_count
        from
          baked_next.poster_stats posters
        where
          bid = 0
          and year > 0
      ),
      busiest as materialized (
        select distinct
          on (year) uid,
          year
        from
          users
        order by
          year,
          post_count desc
      ),
      bounds as materialized (
        select
          year,
          max(days) as days
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
                      d.uid,
                      d.day
                    from
                      baked_next.user_dates d
                      join busiest g on g.uid = d.uid
                      and g.year = date_part('year', d.day)::smallint
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
          ) streak
        group by
          year
      ),
      candidates as materialized (
        select
          uid,
          year
        from
          users
          join bounds using (year)
        where
          post_count >= days
      )
    select
      *
    from
      (
        with
          streaks as materialized (
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
                      d.uid,
                      d.day
                    from
                      baked_next.user_dates d
                      join candidates g on g.uid = d.uid
                      and g.year = date_part('year', d.day)::smallint
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
          )
        select distinct
          on (year) year,
          days,
          from_day,
          uid
        from
          streaks
          join (
            select
              year,
              max(days) as days
            from
              streaks
            group by
              year
          ) longest using (year, days)
        order by
          year,
          from_day,
          uid
      ) best
  ) best;

-- year_threads, derived from thread_stats, thread_details
create table baked_next.year_threads as
select
  year::smallint as year,
  bid::integer as bid,
  (((((best + 4294967295) >> 32) << 32) - best - 2147483648))::integer as tid,
  (((best + 4294967295) >> 32))::integer as post_count
from
  (
    select
      year,
      bid,
      max(((post_count)::bigint << 32) - (tid + 2147483648)) as best
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
              baked_next.thread_stats stats
              join baked_next.thread_details details using (tid),
              unnest(days, day_post_counts) as of_day (day, n)
            group by
              date_part('year', day)::smallint,
              bid,
              tid
          ) of_year
      ) of_thread
    group by
      year,
      bid
  ) of_selection
order by
  bid,
  year;

-- yearly_stats, derived from poster_stats
create table baked_next.yearly_stats as
select
  year::smallint as year,
  bid::integer as bid,
  (sum(post_count))::integer as post_count,
  (sum(edit_count))::bigint as edit_count,
  (sum(posts_length))::bigint as posts_length,
  (sum(threads_created))::integer as threads_created,
  (count(*))::integer as active_users
from
  baked_next.poster_stats
group by
  year,
  bid;
