-- A full run, without keys and indexes. Users, boards, threads, quotes and links are derived in TypeScript.
-- Generated from analytics/inputs and analytics/statistics by `bun run docs`: do not edit.

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
create view baked_next.links as
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

-- daily_threads, derived from counted_posts
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
                  baked_next.counted_posts
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

-- post_records, derived from counted_posts, links, quotes
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
                  pid as pid,
                  sum(count)::bigint as value
                from
                  baked_next.links
                  join (
                    select
                      bid as first_bid,
                      min(unix_s) as first_unix_s
                    from
                      baked_next.links
                    group by
                      bid
                  ) first_of_board on first_bid = bid
                where
                  true
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
                  baked_next.quotes
                  join (
                    select
                      bid as first_bid,
                      min(unix_s) as first_unix_s
                    from
                      baked_next.quotes
                    group by
                      bid
                  ) first_of_board on first_bid = bid
                where
                  true
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
                  baked_next.quotes
                  join (
                    select
                      quoted_bid as first_bid,
                      min(quoted_unix_s) as first_unix_s
                    from
                      baked_next.quotes
                    group by
                      quoted_bid
                  ) first_of_board on first_bid = quoted_bid
                where
                  true
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

-- thread_details, derived from counted_posts, quotes
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
          baked_next.counted_posts
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
              baked_next.counted_posts
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
              baked_next.quotes
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

-- thread_facts, derived from counted_posts
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
              baked_next.counted_posts
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

-- thread_stats, derived from counted_posts, quotes
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
          baked_next.counted_posts
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
      baked_next.quotes
    group by
      quoted_tid
  ) quoted using (tid);

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

-- user_hours, derived from counted_posts
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

-- user_threads, derived from counted_posts
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
      baked_next.counted_posts
    group by
      uid,
      bid,
      tid
  ) of_thread
group by
  uid,
  bid;

-- daily_quoted, derived from quotes
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
              baked_next.quotes
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

-- hourly_stats, derived from user_hours
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
          *,
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
              *,
              (
                select
                  bit_or(set_bit(repeat('0', 168)::bit(168), hour, 1))
                from
                  unnest(hours) as hour
              ) as bits
            from
              baked_next.user_hours
            offset
              0 /* fence: bits are computed once per row, not once per use */
          ) with_bits
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
              *,
              unnest(hours) as unit,
              unnest(post_counts) as value
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

-- thread_records, derived from thread_facts, counted_posts
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
                                  baked_next.thread_facts
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
                                  baked_next.thread_facts
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
                                  baked_next.thread_facts
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
                                  baked_next.thread_facts
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
  baked_next.thread_stats
group by
  grouping sets ((year, bid), (year), (bid), ())
having
  count(*) > 0;

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

-- user_streaks, derived from user_days
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
                  baked_next.user_days
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

-- daily_stats, derived from user_days
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
          (
            select distinct
              day,
              uid
            from
              baked_next.user_days
          ) of_user
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
          baked_next.counted_posts
      ) f on f.day = target.day
      and target.bid in (0, f.bid)
  ) near
where
  place = number;

-- poster_stats, derived from user_days, quotes
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

-- user_records, derived from user_days, poster_stats
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
            with
              of_user as materialized (
                select
                  uid,
                  day,
                  sum(post_count) as post_count,
                  count(*) as boards
                from
                  baked_next.user_days
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
                  baked_next.user_days
                where
                  true
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
                  true
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
                      true
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
                      true
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
                  baked_next.poster_stats
                where
                  year > 0
                  and true
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
                  true
                group by
                  day
              ) of_period
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
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
              uid,
              unnest(streak_days) as value,
              unnest(streak_froms) as day
            from
              baked_next.user_streaks
            union all
            select
              'longest_pause',
              0,
              uid,
              unnest(pauses_days),
              unnest(comebacks)
            from
              baked_next.user_streaks
          ) item
      ) item_and_former
    where
      value > coalesce(former, 0)
  ) history;

-- user_year_quoted, derived from quotes
create table baked_next.user_year_quoted as
select
  quoted_uid::integer as uid,
  quoted_year::smallint as year,
  (((((best + 4294967295) >> 32) << 32) - best))::integer as pid,
  (((best + 4294967295) >> 32))::integer as quoted_count
from
  (
    select
      quoted_uid,
      quoted_year,
      max(((quoted_count)::bigint << 32) - quoted_pid) as best
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
  (((((best + 4294967295) >> 32) << 32) - best))::integer as tid,
  (((best + 4294967295) >> 32))::integer as post_count
from
  (
    select
      uid,
      year,
      max(((post_count)::bigint << 32) - tid) as best
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

-- weekday_stats, derived from daily_stats, user_hours
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
              *,
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
                  *,
                  (
                    select
                      bit_or(set_bit(repeat('0', 7)::bit(7), hour / 24, 1))
                    from
                      unnest(hours) as hour
                  ) as bits
                from
                  baked_next.user_hours
                offset
                  0 /* fence: bits are computed once per row, not once per use */
              ) with_bits
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
                  *,
                  unnest('{0, 1, 2, 3, 4, 5, 6}'::int[]) as unit,
                  unnest(null::int[]) as value
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

-- year_streaks, derived from user_days, poster_stats
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
                      d.uid,
                      d.day
                    from
                      baked_next.user_days d
                      join busiest g on g.uid = d.uid
                      and g.year = date_part('year', d.day)::smallint
                  ) of_user
              ) of_day
            group by
              uid,
              year,
              island
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
                      d.uid,
                      d.day
                    from
                      baked_next.user_days d
                      join candidates g on g.uid = d.uid
                      and g.year = date_part('year', d.day)::smallint
                  ) of_user
              ) of_day
            group by
              uid,
              year,
              island
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
  (((((best + 4294967295) >> 32) << 32) - best))::integer as tid,
  (((best + 4294967295) >> 32))::integer as post_count
from
  (
    select
      year,
      bid,
      max(((post_count)::bigint << 32) - tid) as best
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
