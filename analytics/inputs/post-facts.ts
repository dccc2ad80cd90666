/** What each post contributes to the statistics, in their time zone. */
import { knownTime, type postFacts as table } from "@potstats/db/baked";
import type { Query } from "@potstats/db/baked-ddl";
import type { Row } from "@potstats/db/row";
import { fence, hourOfWeek, wallClock } from "./sql.ts";

/**
 * The query for `post_facts`.
 * @param which a condition on `pid`, such as `in (…)`; without it, all posts
 */
export function postFacts(timezone: string, which?: string): Query {
  const columns: Record<keyof Row<typeof table>, string> = {
    pid: "p.pid",
    uid: "p.poster_uid",
    bid: "t.bid",
    tid: "p.tid",
    unix_s: "local.unix_s",
    day: "local.time",
    year: "date_part('year', local.time)",
    hour: hourOfWeek("local.time"),
    length: "greatest(p.content_length, 0)",
    edit_count: "greatest(p.edit_count, 0)",
    threads_created: "coalesce(opened.threads, 0)",
  };
  const from = `
    public.posts p
    left join public.threads t on t.tid = p.tid
    cross join lateral (
      select ${wallClock(timezone, "known.time")} as time, floor(date_part('epoch', known.time)) as unix_s
      from (select case when p.timestamp ${knownTime} then p.timestamp end as time) known
      ${fence("computed once per post, not once per use")}
    ) local
    left join (
      select first_pid, bid, count(*) as threads from public.threads
      where first_pid ${which ?? "is not null"} group by first_pid, bid
    ) opened on opened.first_pid = p.pid and opened.bid = t.bid
    ${which ? `where p.pid ${which}` : ""}`;
  return { columns, from };
}
