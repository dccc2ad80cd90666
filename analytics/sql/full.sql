-- A full run, without keys and indexes. Users, boards, threads, quotes and links are derived in TypeScript.
-- Generated from analytics/inputs and analytics/statistics by `bun run docs`: do not edit.

-- post_facts
create table baked_next.post_facts as
select
  p.pid::integer as pid,
  p.poster_uid::integer as uid,
  t.bid::integer as bid,
  p.tid::integer as tid,
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
      case
        when p.timestamp between '0001-01-02' and '9999-12-30' then timezone ('Europe/Berlin', timezone (interval '0', p.timestamp))
      end as time
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
  quoted.uid as quoted_uid
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
