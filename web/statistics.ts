/** The API's statistics, in the order in which charts and tables offer them. */

/** Statistics of users. */
export const userStatistics = [
  "post_count",
  "edit_count",
  "avg_post_length",
  "threads_created",
  "quoted_count",
  "quotes_count",
] as const;

/** Statistics of days, weekdays and years. */
export const timeStatistics = [
  "post_count",
  "active_users",
  "edit_count",
  "avg_post_length",
  "threads_created",
] as const;

/** Statistics of days, weekdays and years that add up over several years, and that mean something for one user. */
export const summedStatistics = timeStatistics.filter((statistic) => statistic !== "active_users");

/** Maximum number of years that fit a chart. */
const maxYears = 60;

/**
 * The years of a chart, in order: all from the first to the last with data. If those are too many, which one post with
 * a wrong date can cause, only the years with data.
 */
export function yearsOf(rows: ({ year: number } & Record<(typeof userStatistics)[number], number>)[]): number[] {
  const counted = rows.filter((row) => userStatistics.some((statistic) => row[statistic] > 0));
  const years = [...new Set(counted.map(({ year }) => year))].toSorted((a, b) => a - b);
  const [first = 0, last = -1] = [years[0], years.at(-1)];
  if (last - first >= maxYears) return years;
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Whether years are left out. */
export const hasGaps = (years: number[]): boolean =>
  years.some((year, at) => at > 0 && year !== (years[at - 1] ?? 0) + 1);
