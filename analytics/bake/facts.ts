/**
 * What the statistics are made from. Every fact, edge and link has a sign: a full run adds all of them up, an incremental one
 * takes off what changed posts had added before and adds what they add now. So both are the same statements.
 */

const quoted = (timezone: string) => `'${timezone.replaceAll("'", "''")}'`;

/** Wall-clock time of a moment. */
const local = (timezone: string, moment: string) => `timezone(${quoted(timezone)}, timezone('UTC', ${moment}))`;

/** The moment at which a day begins. */
export const utc = (timezone: string, day: string) =>
  `timezone('UTC', timezone(${quoted(timezone)}, (${day})::timestamp))`;

/**
 * Fills post_facts with the posts that count: those with poster, time and board. Year, day, weekday (1 Monday … 7 Sunday)
 * and hour are those of the statistics' time zone.
 * @param among a further condition on `pid`, that it is in a set
 */
export const postFacts = (timezone: string, among?: string) => `
  insert into baked_next.post_facts (pid, uid, bid, tid, day, year, weekday, hour, length, edit_count, threads_created)
  select p.pid, p.poster_uid, t.bid, p.tid, l.local::date, date_part('year', l.local), date_part('isodow', l.local),
         date_part('hour', l.local), coalesce(p.content_length, 0), coalesce(p.edit_count, 0), coalesce(o.threads, 0)
  from public.posts p
  join public.threads t on t.tid = p.tid
  -- The offset keeps PostgreSQL from computing it once for each of its uses.
  cross join lateral (select ${local(timezone, "p.timestamp")} as local offset 0) l
  left join (
    select first_pid, bid, count(*) as threads from public.threads
    where first_pid ${among ?? "is not null"} group by first_pid, bid
  ) o on o.first_pid = p.pid and o.bid = t.bid
  where p.poster_uid is not null and p.timestamp is not null and t.bid is not null ${among ? `and p.pid ${among}` : ""}`;

type Sign = 1 | -1;
type Schema = "baked" | "baked_next";

/** Facts of a schema's posts. */
export const facts = (sign: Sign, schema: Schema, posts = `${schema}.post_facts`) => `
  select ${sign} as sign, f.* from ${posts} f`;

/** Distinct pairs of quoting and quoted post that both count. */
export const edges = (sign: Sign, schema: Schema, quotes = `${schema}.post_quotes`) => `
  select ${sign} as sign, ${sign} * q.count as count, quoting.year, quoting.bid, quoting.uid as quoter_uid,
         quoted.year as quoted_year, quoted.bid as quoted_bid, quoted.uid as quoted_uid
  from ${quotes} q
  join ${schema}.post_facts quoting on quoting.pid = q.pid
  join ${schema}.post_facts quoted on quoted.pid = q.quoted_pid`;

/** Links in posts that count. */
export const links = (sign: Sign, schema: Schema, posts = `${schema}.post_links`) => `
  select f.year, l.type, f.uid, l.domain, ${sign} * l.count as count
  from ${posts} l
  join ${schema}.post_facts f on f.pid = l.pid`;

/** Year and weekday of a day. */
export const yearOf = (day: string) => `date_part('year', ${day})::smallint`;
export const weekdayOf = (day: string) => `date_part('isodow', ${day})::smallint`;

/** The four selections that every statistic answers: year or all, board or all. `rest` are further columns of the key. */
export const rollups = (rest: string) =>
  `grouping sets ((year, bid, ${rest}), (year, ${rest}), (bid, ${rest}), (${rest}))`;
