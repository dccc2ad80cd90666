/** The derived tables in the order in which they can be made: each step's statements may run side by side. */
import { dailyStats, dailyThreads } from "./daily-stats.ts";
import { domains, userDomains } from "./domains.ts";
import { edges, userDays } from "./facts.ts";
import { hourlyStats } from "./hourly-stats.ts";
import { posterStats } from "./poster-stats.ts";
import { quoteGraph } from "./quote-graph.ts";
import { weekdayStats } from "./weekday-stats.ts";
import { yearlyStats } from "./yearly-stats.ts";

export const bakes: string[][] = [
  [edges, userDays],
  [posterStats, hourlyStats, userDomains, dailyThreads],
  [yearlyStats, dailyStats, weekdayStats, quoteGraph, domains],
];

/** Working tables that are not published. */
export const workingTables = ["facts", "edges", "user_days"];
