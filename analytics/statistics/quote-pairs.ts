import * as baked from "@potstats/db/baked";
import { isCounted } from "../inputs/counted-posts.ts";
import { postsOfUsers } from "../inputs/posts-of-users.ts";
import { quotes } from "../inputs/quotes.ts";
import { createNext, replaceGroups } from "../maintain.ts";
import { type Declared, same, statistic } from "../statistic.ts";
import type { Steps } from "../steps.ts";

const pair = "quoter_uid, quoted_uid";
const quote = `${pair}, unix_s, pid, quoted_pid`;

/** The first and the last quote of each pair of users, from rows (quoter_uid, quoted_uid, unix_s, pid, quoted_pid). */
const pairsOf = (from: string) => `(
  select quoter_uid, quoted_uid, min(array[unix_s, pid, quoted_pid]) as first, max(array[unix_s, pid, -quoted_pid]) as last
  from ${from} group by quoter_uid, quoted_uid
) pair`;

/** The first and the last quote of one user by another, in the order of the quoting posts. */
export const quotePairs = statistic(baked.quotePairs, {
  needs: { quotes },
  columns: {
    ...same("quoter_uid", "quoted_uid"),
    first_pid: "first[2]",
    first_quoted_pid: "first[3]",
    last_pid: "last[2]",
    last_quoted_pid: "-last[3]",
  },
  from: (sources) => pairsOf(sources.quotes),
  maintain: mergePairs,
});

/** Adds quotes to what the pairs already have. Only if the first or the last one is lost, all posts of its user are read. */
function mergePairs({ table, query }: Declared): Steps {
  const changes = "baked_next.changed_quote_pairs";
  const lost = "baked_next.changed_quote_pairs_lost";
  const isKept = `(${pair}) not in (select ${pair} from ${lost})`;
  return {
    changes: [
      `create table ${changes} as
      select ${quote}, sum(sign) as sign, sum(count) as count from ${quotes.changes} group by ${quote} having sum(sign) <> 0`,
      `analyze ${changes}`,
      `create table ${lost} as
      select ${pair}, exists (
        select from baked.quote_graph graph
        where (graph.quoter_uid, graph.quoted_uid, year, bid) = (lost.quoter_uid, lost.quoted_uid, 0, 0)
          and graph.count + (
            select sum(count) from ${changes} changed
            where (changed.quoter_uid, changed.quoted_uid) = (lost.quoter_uid, lost.quoted_uid)
          ) > 0
      ) as has_others
      from (
        select distinct ${pair}
        from ${changes} join baked.quote_pairs using (${pair})
        where sign < 0 and (pid, quoted_pid) in ((first_pid, first_quoted_pid), (last_pid, last_quoted_pid))
      ) lost`,
      `analyze ${lost}`,
    ],
    prepare: createNext(table, {
      ...query(),
      from: pairsOf(`(
        select ${quote} from ${changes} where sign > 0 and ${isKept}
        union all
        select ${pair}, unix_s, pid, known.quoted_pid
        from (select distinct ${pair} from ${changes} where ${isKept}) changed
        join baked.quote_pairs using (${pair})
        cross join lateral (values (first_pid, first_quoted_pid), (last_pid, last_quoted_pid)) known (pid, quoted_pid)
        join baked.post_facts using (pid)
        union all
        select quoting.uid, quoted.uid, quoting.unix_s, quoting.pid, quoted.pid
        from (${postsOfUsers(`(select quoter_uid as uid from ${lost} where has_others) lost`)}) quoting
        join baked.post_quotes q using (pid)
        join baked.post_facts quoted on quoted.pid = q.quoted_pid and ${isCounted("quoted")}
        join ${lost} lost on (lost.quoter_uid, lost.quoted_uid) = (quoting.uid, quoted.uid)
      ) quote`),
    }),
    apply: replaceGroups(table, ["quoter_uid", "quoted_uid"]),
  };
}
