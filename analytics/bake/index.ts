/** The derived tables in the order in which they can be made: each step's statements may run side by side. */
import type { ActiveUsers } from "./active-users.ts";
import { dailyStats } from "./daily-stats.ts";
import { domains, userDomains } from "./domains.ts";
import { userDays } from "./facts.ts";
import { hourlyStats } from "./hourly-stats.ts";
import { posterStats } from "./poster-stats.ts";
import { quoteGraph } from "./quote-graph.ts";
import { weekdayStats } from "./weekday-stats.ts";
import { yearlyStats } from "./yearly-stats.ts";

/**
 * From `baked_next.facts`, `edges` and `links` to the statistics in `baked_next`: of all posts, or what changed posts add to
 * those in `baked`.
 */
export const bakes = (activeUsers: ActiveUsers): string[][] => [
  [userDays],
  [posterStats, hourlyStats(activeUsers), userDomains],
  [yearlyStats(activeUsers), dailyStats(activeUsers), weekdayStats(activeUsers), quoteGraph, domains],
];
