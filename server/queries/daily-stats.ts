import { averageLength, type Sql } from "./context.ts";

export const statistics = ["post_count", "edit_count", "threads_created", "active_users", "avg_post_length"] as const;
export type Statistic = (typeof statistics)[number];

/** One number per day with posts of a year, in order. */
export async function dailyStats(sql: Sql, year: number, bid: number, statistic: Statistic) {
  const [first, next] = [`${String(year).padStart(4, "0")}-01-01`, `${String(year + 1).padStart(4, "0")}-01-01`];
  const rows = await sql<
    {
      day: string;
      post_count: number;
      edit_count: number;
      posts_length: number;
      threads_created: number;
      active_users: number;
    }[]
  >`
    select day, post_count, edit_count, posts_length, threads_created, active_users
    from baked.daily_stats where bid = ${bid} and day >= ${first}::date and day < ${next}::date
    order by day`;
  return rows.map((row) => ({
    day: row.day,
    value: statistic === "avg_post_length" ? averageLength(row.posts_length, row.post_count) : row[statistic],
  }));
}
