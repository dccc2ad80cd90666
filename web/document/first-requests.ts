/**
 * The API requests that each page makes first. A script in the document sends them before the application's code has
 * arrived (first-paint.js); api.ts picks up the responses. pipeline/browser-share.test.ts checks that each is used.
 *
 * A parameter has the value that it has in the page's URL, otherwise the one given here; without either, it is left out.
 */

/** Of every page: freshness, and the filters in the side bar. */
const always = ["status", "years", "boards"];

/** By name of the page. */
const requests: Record<string, string[]> = {
  overview: ["overview?year&bid", "poster-stats?year&bid&limit=10"],
  users: ["poster-stats?year&bid&order_by=post_count&order=desc&limit=200"],
  user: ["poster-development?uid&bid", "user-stats?uid&year&bid"],
  years: ["year-over-year-stats?bid"],
  weekdays: ["weekday-stats?year&bid", "hourly-stats?year&bid"],
  boards: ["boards?year"],
  imprint: ["imprint"],
};

export const firstRequests = (page: string): string[] => [...new Set([...always, ...(requests[page] ?? [])])];
