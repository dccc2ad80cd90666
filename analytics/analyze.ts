/** One run of the analytics: what changed since the last one, or everything. */
import { silent, type Progress } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import { withLock } from "@potstats/db/locks";
import { checkTimezone } from "@potstats/db/checks/timezone";
import { readAnalysis } from "./last-run.ts";
import { bakeEverything } from "./full.ts";
import { bakeChanges } from "./incremental.ts";
import { haveBoardsChanged } from "./inputs/entities.ts";
import { latestRevision, type Summary } from "./run.ts";
import { statistics } from "./registry.ts";
import { version } from "./definitions-digest.ts";

export interface AnalyzeOptions {
  /** A pool of at least eight connections; of as many as there are workers, if those are more. */
  sql: Sql;
  /** IANA name: decides years, days, weekdays and hours. */
  timezone: string;
  /** The address before `/bb/…`, against which relative addresses in posts are resolved. */
  forumUrl: string;
  /** Everything from scratch, even if nothing changed. */
  full?: boolean;
  /**
   * How many tasks of a full run are performed at once: reading the posts is one, each statement that makes a table
   * another.
   */
  workers?: number;
  progress?: Progress;
  signal?: AbortSignal | undefined;
}

export type AnalyzeSummary = Summary;

export const defaultWorkers = Math.min(16, navigator.hardwareConcurrency);

/**
 * Brings `baked` up to date with the crawled tables.
 * @throws CommandError when PostgreSQL and JavaScript disagree about the time zone
 * @throws AlreadyRunning when another run holds the lock, LockLost when the lock is lost during the run
 */
export async function analyze(options: AnalyzeOptions): Promise<AnalyzeSummary> {
  const { sql, timezone, forumUrl, full = false, workers = defaultWorkers, progress = silent } = options;
  await checkTimezone(sql, timezone);
  return withLock(sql, "analyze", async (lost) => {
    const signal = options.signal ? AbortSignal.any([options.signal, lost]) : lost;
    const run = { sql, timezone, forumUrl, statistics, workers, progress, signal };
    const last = full ? undefined : await readAnalysis(sql);
    if (last?.version !== version || last.timezone !== timezone || last.forum_url !== forumUrl)
      return bakeEverything(run);
    const revision = await latestRevision(sql);
    // An older database was put back.
    if (revision < last.revision) return bakeEverything(run);
    if (revision === last.revision && !(await haveBoardsChanged(sql))) {
      const { counts, generation } = last;
      return { kind: "incremental", changed: false, posts: 0, counts, generation, rows: {}, seconds: {} };
    }
    return (await bakeChanges(run, last)) ?? bakeEverything(run);
  });
}
