import * as baked from "@potstats/db/baked";
import { quotes } from "../inputs/quotes.ts";
import { quotedPosts } from "../intermediates/quoted-posts.ts";
import { createNext, replaceGroups } from "../maintain.ts";
import { packed, packedId, packedValue } from "../records.ts";
import { type Declared, resolve, same, statistic } from "../statistic.ts";
import { ifAny, type Steps } from "../steps.ts";

/** Of the posts written on a day, the one that most posts quote, per board and over all boards. */
export const dailyQuoted = statistic(baked.dailyQuoted, {
  needs: { quotedPosts },
  columns: { ...same("bid", "day"), pid: packedId("best"), quoted_count: packedValue("best") },
  from: (sources) => `(
    with of_board as materialized (
      select bid, day, max(${packed("quoted_count", "pid")}) as best from ${sources.quotedPosts} group by bid, day
    )
    select bid, day, best from of_board
    union all
    select 0, day, max(best) from of_board group by day
  ) of_selection
  order by bid, day`,
  maintain: mergeBest,
});

/**
 * The best of the former best and of the posts that gained or lost quotes. Only if the former best lost quotes, all
 * posts of the day are read.
 */
function mergeBest({ table, columns }: Declared): Steps {
  const changed = "baked_next.changed_daily_quoted";
  const now = "baked_next.items_daily_quoted";
  const diminished = "baked_next.diminished_daily_quoted";
  const forBoth = "cross join lateral (values (bid), (0)) selected (bid)";
  const best = packed("quoted_count", "pid");
  const isChanged = `
    select from ${changed} changed
    where (changed.bid, changed.day, changed.pid) = (existing.bid, existing.day, existing.pid)`;
  const all = `
    select selected.bid, day, ${best} as best
    from (${quotedPosts.lookUp(["day"], `(select distinct day from ${diminished})`)}) post ${forBoth}
    where (selected.bid, day) in (select bid, day from ${diminished})`;
  return {
    changes: [
      `create table ${changed} as
      select selected.bid, day, pid
      from (
        select quoted_bid as bid, quoted_day as day, quoted_pid as pid from ${quotes.changes}
        group by quoted_bid, quoted_day, quoted_pid having sum(sign) <> 0
      ) gained_or_lost ${forBoth}`,
      `analyze ${changed}`,
    ],
    prepare: ifAny(
      [changed],
      [
        `create table ${now} as
      select changed.*, ${packed("quoted_count", "pid")} as best
      from ${changed} changed
      join baked_next.${quotedPosts.name} using (pid)
      join baked.post_facts post using (pid)
      where changed.bid in (0, post.bid) and changed.day = post.day`,
        `create table ${diminished} as
      select distinct bid, day from baked.daily_quoted existing
      where exists (${isChanged}) and not exists (
        select from ${now} now
        where (now.bid, now.day, now.pid) = (existing.bid, existing.day, existing.pid) and now.best >= ${best}
      )`,
        ...createNext(table, {
          columns: resolve(columns),
          from: `(
          select bid, day, max(best) as best
          from (
            select bid, day, best from ${now}
            union all
            select bid, day, ${best} from baked.daily_quoted existing
            where (bid, day) in (select bid, day from ${changed}) and not exists (${isChanged})
            union all ${all}
          ) post
          group by bid, day
        ) of_selection`,
        }),
      ],
    ),
    apply: ifAny([changed], replaceGroups(table, ["bid", "day"])),
  };
}
