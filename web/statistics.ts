/** Statistics of the API, in the order in which charts and tables offer them. */

/** Of a user. */
export const userStatistics = [
  "post_count",
  "edit_count",
  "avg_post_length",
  "threads_created",
  "quoted_count",
  "quotes_count",
] as const;

/** Of a day, a weekday, a year. */
export const timeStatistics = [
  "post_count",
  "active_users",
  "edit_count",
  "avg_post_length",
  "threads_created",
] as const;

/** Years for which a chart and a table have room. */
const mostYears = 60;

/**
 * The years of a chart, in order: all from the first to the last with data. Where those are too many (one post with a wrong clock is
 * enough), only the years with data.
 */
export function yearsOf(rows: ({ year: number } & Record<(typeof userStatistics)[number], number>)[]): number[] {
  const counted = rows.filter((row) => userStatistics.some((statistic) => row[statistic] > 0));
  const years = [...new Set(counted.map(({ year }) => year))].toSorted((a, b) => a - b);
  const [first = 0, last = -1] = [years[0], years.at(-1)];
  if (last - first >= mostYears) return years;
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Whether years are left out. */
export const hasGaps = (years: number[]): boolean =>
  years.some((year, at) => at > 0 && year !== (years[at - 1] ?? 0) + 1);
