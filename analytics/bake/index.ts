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

/** A derived table and the statement that fills it; one without a table makes an intermediate one. */
export interface Bake {
  table?: PgTable;
  statement: string;
}

/**
 * From `baked_next.facts`, `edges` and `links` to the statistics in `baked_next`: of all posts, or what changed posts add to
 * those in `baked`. First come those that others are made from; of the others each chain may be made beside the rest, the
 * longest first.
 */
export const bakes = (activeUsers: ActiveUsers): { first: Bake[]; chains: Bake[][] } => ({
  first: [{ statement: ofHours }, { table: baked.userDays, statement: userDays }],
  chains: [
    [{ table: baked.quoteGraph, statement: quoteGraph }],
    [{ table: baked.hourlyStats, statement: hourlyStats(activeUsers) }],
    [
      { table: baked.posterStats, statement: posterStats },
      { table: baked.yearlyStats, statement: yearlyStats(activeUsers) },
    ],
    [
      { table: baked.userDomains, statement: userDomains },
      { table: baked.domains, statement: domains },
    ],
    [{ table: baked.dailyStats, statement: dailyStats(activeUsers) }],
    [{ table: baked.weekdayStats, statement: weekdayStats(activeUsers) }],
    [{ table: baked.userHours, statement: userHours }],
  ],
});
