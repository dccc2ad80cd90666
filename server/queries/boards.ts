import type { Sql } from "./context.ts";

/** Boards with posts in the year (0: ever), by bid. */
export const boards = (sql: Sql, year: number) => sql<
  { bid: number; name: string; description: string; thread_count: number; post_count: number }[]
>`
  select b.bid, b.name, b.description, s.threads_created as thread_count, s.post_count
  from baked.yearly_stats s join baked.boards b using (bid)
  where s.year = ${year} and s.bid > 0
  order by b.bid`;
