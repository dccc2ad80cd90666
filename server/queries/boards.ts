import type { Sql } from "./context.ts";

/** Boards with posts in the year (0: ever), by bid. */
export const boards = (sql: Sql, year: number) => sql<
  { bid: number; name: string; description: string; thread_count: number; post_count: number }[]
>`
  select b.bid, b.name, b.description, s.threads_created as thread_count, s.post_count
  from baked.boards b join baked.yearly_stats s using (bid)
  where s.year = ${year}
  order by b.bid`;
