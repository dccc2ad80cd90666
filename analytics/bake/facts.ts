/**
 * What the statistics are made from. Every fact, edge and link has a sign: a full run adds all of them up, an incremental one
 * takes off what changed posts had added before and adds what they add now. So both are the same statements.
 */

import { knownTime } from "@potstats/db/baked";

const quoted = (timezone: string) => `'${timezone.replaceAll("'", "''")}'`;

/** Wall-clock time of a moment. UTC as an interval, since PostgreSQL looks a name up for each row. */
const local = (timezone: string, moment: string) => `timezone(${quoted(timezone)}, timezone(interval '0', ${moment}))`;

/** The moment at which a day begins. */
export const utc = (timezone: string, day: string) =>
  `timezone('UTC', timezone(${quoted(timezone)}, (${day})::timestamp))`;

/** Since Monday, the first day of the year 1, in whole weeks and the rest: quicker than asking for weekday and hour. */
const hourOfWeek = (clock: string) => `(floor(date_part('epoch', ${clock}) / 3600)::bigint + 17259888) % 168`;

/**
 * The rows of post_facts. Year, day and hour of the week are those of the statistics' time zone.
 * @param among a condition on `pid`, that it is in a set
 */
export const postFacts = (timezone: string, among?: string) => `
  select p.pid, p.poster_uid, t.bid, p.tid, l.local::date, date_part('year', l.local),
         ${hourOfWeek("l.local")},
         greatest(p.content_length, 0), greatest(p.edit_count, 0), coalesce(o.threads, 0)
  from public.posts p
  left join public.threads t on t.tid = p.tid
  -- The offset keeps PostgreSQL from computing it once for each of its uses.
  cross join lateral (select case when p.timestamp ${knownTime} then ${local(timezone, "p.timestamp")} end as local offset 0) l
  left join (
    select first_pid, bid, count(*) as threads from public.threads
    where first_pid ${among ?? "is not null"} group by first_pid, bid
  ) o on o.first_pid = p.pid and o.bid = t.bid
  ${among ? `where p.pid ${among}` : ""}`;

/** Of a row of post_facts: whether the post counts. */
const counts = (fact: string) => `${fact}.uid is not null and ${fact}.bid is not null and ${fact}.day is not null`;

type Sign = 1 | -1;
type Schema = "baked" | "baked_next";

/** Facts of a schema's posts that count. */
export const facts = (sign: Sign, schema: Schema, posts = `${schema}.post_facts`) => `
  select ${sign} as sign, f.* from ${posts} f where ${counts("f")}`;

/** Distinct pairs of quoting and quoted post that both count. */
export const edges = (sign: Sign, schema: Schema, quotes = `${schema}.post_quotes`) => `
  select ${sign} as sign, ${sign} * q.count as count, quoting.year, quoting.bid, quoting.uid as quoter_uid,
         quoted.year as quoted_year, quoted.bid as quoted_bid, quoted.uid as quoted_uid
  from ${quotes} q
  join ${schema}.post_facts quoting on quoting.pid = q.pid
  join ${schema}.post_facts quoted on quoted.pid = q.quoted_pid
  where ${counts("quoting")} and ${counts("quoted")}`;

/** Links in posts that count. */
export const links = (sign: Sign, schema: Schema, posts = `${schema}.post_links`) => `
  select f.year, l.type, f.uid, l.domain, ${sign} * l.count as count
  from ${posts} l
  join ${schema}.post_facts f on f.pid = l.pid
  where ${counts("f")}`;

/** Year and weekday of a day. */
export const yearOf = (day: string) => `date_part('year', ${day})::smallint`;
export const weekdayOf = (day: string) => `date_part('isodow', ${day})::smallint`;

/** The four selections that every statistic answers: year or all, board or all. `rest` are further columns of the key. */
export const rollups = (rest: string) =>
  `grouping sets ((year, bid, ${rest}), (year, ${rest}), (bid, ${rest}), (${rest}))`;
