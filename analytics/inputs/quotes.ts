/** Distinct pairs of a quoting and a quoted post, both counted, and how often the one quotes the other. */
import { postFacts, postQuotes } from "@potstats/db/baked";
import { isCounted } from "./counted-posts.ts";
import { input, isChanged } from "./input.ts";

/** @param from rows of `post_quotes` */
const pairs = (sign: number, schema: string, from: string) => `
    select ${sign} as sign, ${sign} * q.count as count, quoting.year, quoting.bid, quoting.uid as quoter_uid,
           quoted.year as quoted_year, quoted.bid as quoted_bid, quoted.uid as quoted_uid, q.pid,
           quoting.unix_s, q.quoted_pid, quoted.unix_s as quoted_unix_s, quoted.day as quoted_day,
           quoted.tid as quoted_tid
    from ${from} q
    join ${schema}.post_facts quoting on quoting.pid = q.pid
    join ${schema}.post_facts quoted on quoted.pid = q.quoted_pid
    where ${isCounted("quoting")} and ${isCounted("quoted")}`;

export const quotes = input({
  name: "quotes",
  tables: [postQuotes, postFacts],
  isTable: true,
  rows: pairs,
  // Either post may have changed.
  changed: `
    select * from baked.post_quotes where pid ${isChanged}
    union all
    select * from baked.post_quotes q
    where quoted_pid ${isChanged} and not exists (select from baked_next.changed_posts c where c.pid = q.pid)`,
});
