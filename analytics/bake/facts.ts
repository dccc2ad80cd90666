/** What every statistic is made from; working tables of one run, gone before it is published. */

/**
 * Posts that count: those with poster, time and board. Year, day, weekday (1 Monday … 7 Sunday) and hour are those of
 * the statistics' time zone. `threads_created`: threads of the post's board whose first post it is.
 */
export const facts = (timezone: string) => `
  create unlogged table baked_next.facts as
  select p.pid, p.poster_uid as uid, t.bid, p.tid,
         extract(year from l.local)::smallint as year,
         l.local::date as day,
         extract(isodow from l.local)::smallint as weekday,
         extract(hour from l.local)::smallint as hour,
         coalesce(p.content_length, 0) as length,
         coalesce(p.edit_count, 0) as edit_count,
         coalesce(o.threads, 0)::int as threads_created
  from public.posts p
  join public.threads t on t.tid = p.tid
  cross join lateral (select timezone('${timezone.replaceAll("'", "''")}', timezone('UTC', p.timestamp)) as local) l
  left join (select first_pid, bid, count(*) as threads from public.threads where first_pid is not null group by 1, 2) o
    on o.first_pid = p.pid and o.bid = t.bid
  where p.poster_uid is not null and p.timestamp is not null and t.bid is not null`;

/** Distinct pairs of quoting and quoted post that both count. */
export const edges = `
  create unlogged table baked_next.edges as
  select q.count, quoting.year, quoting.bid, quoting.uid as quoter_uid,
         quoted.year as quoted_year, quoted.bid as quoted_bid, quoted.uid as quoted_uid
  from baked_next.post_quotes q
  join baked_next.facts quoting on quoting.pid = q.pid
  join baked_next.facts quoted on quoted.pid = q.quoted_pid`;

/** What each user did on each day in each board. */
export const userDays = `
  create unlogged table baked_next.user_days as
  select year, day, weekday, bid, uid, count(*)::int as post_count, sum(edit_count)::int as edit_count,
         sum(length)::bigint as posts_length, sum(threads_created)::int as threads_created
  from baked_next.facts
  group by year, day, weekday, bid, uid`;

/** The four selections that every statistic answers: year or all, board or all. `rest` are further columns of the key. */
export const rollups = (rest: string) =>
  `grouping sets ((year, bid, ${rest}), (year, ${rest}), (bid, ${rest}), (${rest}))`;
