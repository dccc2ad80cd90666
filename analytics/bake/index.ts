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
import { ofHours, userHours } from "./user-hours.ts";
import { weekdayStats } from "./weekday-stats.ts";
import { yearlyStats } from "./yearly-stats.ts";

/** A derived table and the statement that fills it; or the name of an intermediate one, which its statement makes. */
export interface Bake {
  table: PgTable | string;
  statement: string;
  /** What must be there before, by name. */
  needs: string[];
  /** Groups by sorting, which leaves the rows in an order that makes their indexes cheaper: worth it for large tables with several. */
  isSorted?: true;
}

/**
 * From `baked_next.facts`, `edges` and `links` to the statistics in `baked_next`: of all posts, or what changed posts add to
 * those in `baked`. What takes longest comes first, as far as it can.
 */
export const bakes = (activeUsers: ActiveUsers): Bake[] => [
  { table: baked.quoteGraph, statement: quoteGraph, needs: ["edges"], isSorted: true },
  { table: "of_hours", statement: ofHours, needs: ["facts"] },
  { table: baked.userDays, statement: userDays, needs: ["facts"] },
  { table: baked.userDomains, statement: userDomains, needs: ["links"], isSorted: true },
  { table: baked.posterStats, statement: posterStats, needs: ["user_days", "edges"] },
  { table: baked.hourlyStats, statement: hourlyStats(activeUsers), needs: ["of_hours"] },
  { table: baked.dailyStats, statement: dailyStats(activeUsers), needs: ["user_days"] },
  { table: baked.weekdayStats, statement: weekdayStats(activeUsers), needs: ["user_days"] },
  { table: baked.userHours, statement: userHours, needs: ["of_hours"] },
  { table: baked.yearlyStats, statement: yearlyStats(activeUsers), needs: ["poster_stats"] },
  { table: baked.domains, statement: domains, needs: ["user_domains"] },
];
