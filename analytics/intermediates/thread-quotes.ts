import { quotes } from "../inputs/quotes.ts";
import { regroupedThreads } from "./changed-threads.ts";
import { perThread } from "./intermediate.ts";

/** How often posts of each thread are quoted. */
export const threadQuotes = perThread({
  name: "thread_quotes",
  needs: [quotes],
  all: "select quoted_tid as tid, sum(count) as times_quoted from baked_next.quotes group by quoted_tid",
  changed: `
    select tid, sum(times_quoted) as times_quoted
    from (
      select tid, times_quoted from baked.thread_stats join ${regroupedThreads} using (tid)
      union all
      select quoted_tid, count from ${quotes.changes}
    ) existing_and_delta
    group by tid`,
});
