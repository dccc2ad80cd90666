import { type Selection, averageLength, type Sql } from "./context.ts";

export interface Aggregate {
  post_count: number;
  edit_count: number;
  posts_length: number;
  threads_created: number;
  active_users: number;
}

/** Counts as the API shows them: the mean instead of the sum of lengths. */
export const withAverage = <T extends Aggregate>({ posts_length, ...row }: T) => ({
  ...row,
  avg_post_length: averageLength(posts_length, row.post_count),
});

/** Years with posts, in order; only one when the selection names it. */
export async function yearOverYearStats(sql: Sql, { year, bid }: Selection) {
  const rows = await sql<(Aggregate & { year: number })[]>`
    select year, post_count, edit_count, posts_length, threads_created, active_users
    from baked.yearly_stats
    where bid = ${bid} and year > 0 and (${year} = 0 or year = ${year})
    order by year`;
  return rows.map(withAverage);
}
