/** Selections by year and board, and the count columns that several tables share. */
import type { yearlyStats } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";

export type { Sql };

/** Year and board of a selection; 0 means all. */
export interface Selection {
  year: number;
  bid: number;
}

/** The days of a year, half-open; for 0, the days of all years. */
export function daysOf(year: number): { firstDay: string; endDay: string } {
  const newYear = (n: number) => `${String(n).padStart(4, "0")}-01-01`;
  return { firstDay: newYear(year || 1), endDay: newYear((year || 9999) + 1) };
}

/** The count columns that the tables by year, weekday and day share. */
export const countColumns = ["post_count", "edit_count", "posts_length", "threads_created", "active_users"] as const;
type Counts = Row<typeof yearlyStats, (typeof countColumns)[number]>;

/** Replaces the total length by the mean, rounded half up, as the API shows it. */
export const withAverage = <T extends Counts>({ posts_length, ...row }: T) => ({
  ...row,
  avg_post_length: row.post_count === 0 ? 0 : Math.floor(posts_length / row.post_count + 0.5),
});
