import { analysis as analysisTable } from "@potstats/db/baked";
import { readGeneration } from "@potstats/db/generation";
import { threads, worldeaterState } from "@potstats/db/crawled";
import { sql as raw } from "drizzle-orm";
import type { Sql } from "./selection.ts";
import { pick, prepared } from "./prepared.ts";

const crawls = prepared((db) => db.select(pick(worldeaterState, "last_crawl_finished_at")).from(worldeaterState));

const oldestChecks = prepared((db) =>
  db
    .select(pick(threads, "checked_at"))
    .from(threads)
    .orderBy(raw`${threads.checked_at} nulls first`)
    .limit(1),
);

const analyses = prepared((db) =>
  db.select(pick(analysisTable, "finished_at", "timezone", "counts")).from(analysisTable),
);

/**
 * When the data was last crawled and analyzed, the oldest check of a thread (null while some thread was never checked),
 * totals, and the data generation. Times are ISO 8601 in UTC.
 */
export async function readStatus(sql: Sql) {
  const generation = await readGeneration(sql);
  const [crawl] = await crawls(sql, {});
  const [oldest] = await oldestChecks(sql, {});
  const [analysis] = await analyses(sql, {});
  const { posts = 0, threads: threadCount = 0, users = 0, boards = 0 } = analysis?.counts ?? {};
  return {
    generation,
    last_crawl_at: crawl?.last_crawl_finished_at?.toISOString() ?? null,
    oldest_check_at: oldest?.checked_at?.toISOString() ?? null,
    last_analysis_at: analysis?.finished_at.toISOString() ?? null,
    timezone: analysis?.timezone ?? null,
    counts: { posts, threads: threadCount, users, boards },
  };
}
