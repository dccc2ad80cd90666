import { readGeneration } from "@potstats/db/generation";
import type { Sql } from "./context.ts";

/** Last crawl, oldest look at a thread (NULL while one was never looked at), last analysis, what they hold, and the data generation. Times are ISO 8601 in UTC. */
export async function status(sql: Sql) {
  const generation = await readGeneration(sql);
  const [crawl] = await sql<{ started_at: Date | null; finished_at: Date | null }[]>`
    select last_crawl_started_at as started_at, last_crawl_finished_at as finished_at from worldeater_state`;
  const [oldest] = await sql<{ checked_at: Date | null }[]>`
    select checked_at from threads order by checked_at nulls first limit 1`;
  const [analysis] = await sql<{ finished_at: Date; timezone: string; counts: Record<string, number> }[]>`
    select finished_at, timezone, counts from baked.analysis`;
  return {
    generation,
    last_crawl_at: crawl?.finished_at?.toISOString() ?? null,
    oldest_check_at: oldest?.checked_at?.toISOString() ?? null,
    last_analysis_at: analysis?.finished_at.toISOString() ?? null,
    timezone: analysis?.timezone ?? null,
    counts: {
      posts: analysis?.counts["posts"] ?? 0,
      threads: analysis?.counts["threads"] ?? 0,
      users: analysis?.counts["users"] ?? 0,
      boards: analysis?.counts["boards"] ?? 0,
    },
  };
}
