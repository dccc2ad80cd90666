/** The derived tables and what they are made by. */
import * as baked from "@potstats/db/baked";
import type { PgTable } from "drizzle-orm/pg-core";
import type { ActiveUsers } from "./active-users.ts";
import { dailyStats } from "./daily-stats.ts";
import { domains, userDomains } from "./domains.ts";
import { hourlyStats } from "./hourly-stats.ts";
import { posterStats } from "./poster-stats.ts";
import { quoteGraph } from "./quote-graph.ts";
import { userDays } from "./user-days.ts";
import { userHours } from "./user-hours.ts";
import { weekdayStats } from "./weekday-stats.ts";
import { yearlyStats } from "./yearly-stats.ts";

/** A derived table and the query for its rows, whose columns are the table's, in their order. */
export interface Bake {
  table: PgTable;
  query: string;
  /** What must be there before, by name. */
  needs: string[];
  /** Groups by sorting: worth it where that order makes several indexes of a large table cheaper, or is half of the next sort. */
  isSorted?: true;
}

/**
 * From `baked_next.facts`, `edges` and `links` to the statistics in `baked_next`: of all posts, or what changed posts add to
 * those in `baked`. What takes longest comes first, as far as it can.
 */
export const bakes = (activeUsers: ActiveUsers): Bake[] => [
  { table: baked.quoteGraph, query: quoteGraph, needs: ["edges"], isSorted: true },
  { table: baked.userHours, query: userHours, needs: ["facts"], isSorted: true },
  { table: baked.userDays, query: userDays, needs: ["facts"] },
  { table: baked.userDomains, query: userDomains, needs: ["links"], isSorted: true },
  { table: baked.posterStats, query: posterStats, needs: ["user_days", "edges"] },
  { table: baked.dailyStats, query: dailyStats(activeUsers), needs: ["user_days"] },
  { table: baked.weekdayStats, query: weekdayStats(activeUsers), needs: ["daily_stats", "user_hours"] },
  { table: baked.hourlyStats, query: hourlyStats(activeUsers), needs: ["user_hours"] },
  { table: baked.yearlyStats, query: yearlyStats(activeUsers), needs: ["poster_stats"] },
  { table: baked.domains, query: domains, needs: ["user_domains"] },
];
