/** What the API counts, as the charts offer it. */

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
