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
  q.quoted_pid,
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
