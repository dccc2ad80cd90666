/** What queries share. */
import type { yearlyStats } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";

export type { Sql };

/** Year and board of a selection; 0 means all. */
export interface Selection {
  year: number;
  bid: number;
}

/** The days of a year, half-open; of all years for 0. */
export function daysOf(year: number): { firstDay: string; endDay: string } {
  const newYear = (of: number) => `${String(of).padStart(4, "0")}-01-01`;
  return { firstDay: newYear(year || 1), endDay: newYear((year || 9999) + 1) };
}

/** The counts that the tables per year, weekday and day have in common. */
export const countColumns = ["post_count", "edit_count", "posts_length", "threads_created", "active_users"] as const;
type Counts = Row<typeof yearlyStats, (typeof countColumns)[number]>;

/** Counts as the API shows them: the mean length, rounded half up, in place of the total. */
export const withAverage = <T extends Counts>({ posts_length, ...row }: T) => ({
  ...row,
  avg_post_length: row.post_count === 0 ? 0 : Math.floor(posts_length / row.post_count + 0.5),
});
