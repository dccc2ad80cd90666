/**
 * The API requests that each page makes first. A script in the document sends them before the application's code has
 * arrived (first-paint.js); api.ts picks up the responses. pipeline/browser-share.test.ts checks that each is used.
 *
 * A parameter without a value here has that of the page's path; else it is a filter and has that of the page's query, or
 * is left out. Requests with another parameter that the URL sets are not sent, nor are those with "!year" if a year is
 * selected. "year=latest" is the selected year or, without a selection, the latest with posts: that request waits for
 * the response with the years.
 */

/** Of every page: freshness, and the years to step through. */
const always = ["status", "years"];

/** By name of the page. */
const requests: Record<string, string[]> = {
  overview: [
    "news?!year&!bid",
    "on-this-day?!year&bid",
    "overview?year&bid",
    "poster-stats?year&bid&limit=10",
    "boards?year",
    "daily-stats?year=latest&bid&statistic=post_count",
  ],
  users: ["poster-stats?year&bid&min_posts=1&order_by=post_count&order=desc&limit=200"],
  // Not those of the cards further down: browsers send six requests at a time, and the code is more urgent.
  user: [
    "poster-development?uid&bid",
    "user-stats?uid&year&bid",
    "user-daily-stats?uid&year&bid",
    "user-hourly-stats?uid&year&bid",
  ],
  cohorts: ["cohorts?bid"],
  trends: ["boards", "threads?bid&order_by=post_count&order=desc&limit=30"],
  streaks: ["streaks?order_by=longest&order=desc&limit=200"],
  threads: ["threads?year&bid&order_by=post_count&order=desc&limit=200", "thread-replies?bid", "boards"],
  thread: ["thread?tid"],
  records: ["records?bid"],
  "on-this-day": ["on-this-day?date&bid"],
  recap: ["recap?year"],
  "board-recap": ["recap?year&bid"],
  "user-recap": ["recap?year&uid"],
  years: ["year-over-year-stats?bid&uid"],
  weekdays: ["weekday-stats?year&bid&uid", "hourly-stats?year&bid&uid"],
  days: ["daily-stats?year=latest&bid&uid&statistic=post_count"],
  boards: ["boards?year&uid"],
  network: ["network?year&uid&limit=1500"],
  imprint: ["imprint"],
};

export const firstRequests = (page: string): string[] => [...new Set([...always, ...(requests[page] ?? [])])];
