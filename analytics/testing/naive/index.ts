/**
 * Every derived table computed from the crawled ones in the plainest way: all rows in memory, a loop per statistic.
 * Shares nothing with what it is compared to but the repair of names.
 */
import type { Sql } from "@potstats/db/connect";
import type { Row } from "../tables.ts";
import { boards } from "./boards.ts";
import { dailyStats } from "./daily-stats.ts";
import { dailyThreads } from "./daily-threads.ts";
import { domains } from "./domains.ts";
import { type Forum, readForum } from "./forum.ts";
import { hourlyStats } from "./hourly-stats.ts";
import { postFacts } from "./post-facts.ts";
import { postFaults } from "./post-faults.ts";
import { posterStats } from "./poster-stats.ts";
import { quoteGraph } from "./quote-graph.ts";
import { threads } from "./threads.ts";
import { userDays } from "./user-days.ts";
import { userDomains } from "./user-domains.ts";
import { userHours } from "./user-hours.ts";
import { users } from "./users.ts";
import { weekdayStats } from "./weekday-stats.ts";
import { yearlyStats } from "./yearly-stats.ts";

const tables: Record<string, (forum: Forum) => Row[]> = {
  users,
  boards,
  threads,
  post_facts: postFacts,
  post_faults: postFaults,
  post_quotes: ({ quotes }) => quotes,
  post_links: ({ links }) => links,
  daily_stats: dailyStats,
  daily_threads: dailyThreads,
  domains,
  hourly_stats: hourlyStats,
  poster_stats: posterStats,
  quote_graph: quoteGraph,
  user_days: userDays,
  user_domains: userDomains,
  user_hours: userHours,
  weekday_stats: weekdayStats,
  yearly_stats: yearlyStats,
};

/** The rows of each derived table, in any order. */
export async function naiveBaked(sql: Sql, timezone: string, forumUrl: string): Promise<Record<string, Row[]>> {
  const forum = await readForum(sql, timezone, forumUrl);
  return Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows(forum)]));
}
