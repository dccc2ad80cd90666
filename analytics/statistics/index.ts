/** All statistics, each after those that it is made from; what takes longest comes first, as far as that allows. */
import type { Statistic } from "../statistic.ts";
import { dailyStats } from "./daily-stats.ts";
import { dailyThreads } from "./daily-threads.ts";
import { domains } from "./domains.ts";
import { hourlyStats } from "./hourly-stats.ts";
import { posterStats } from "./poster-stats.ts";
import { quoteGraph } from "./quote-graph.ts";
import { userDays } from "./user-days.ts";
import { userDomains } from "./user-domains.ts";
import { userHours } from "./user-hours.ts";
import { weekdayStats } from "./weekday-stats.ts";
import { yearlyStats } from "./yearly-stats.ts";

export const statistics: readonly Statistic[] = [
  dailyThreads,
  quoteGraph,
  userHours,
  userDays,
  userDomains,
  posterStats,
  dailyStats,
  weekdayStats,
  hourlyStats,
  yearlyStats,
  domains,
];
