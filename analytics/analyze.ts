/** One run of the analytics: what changed since the last one, or everything. */
import { silent, type Progress } from "@potstats/cli/progress";
import { withoutCredentials } from "@potstats/cli/without-credentials";
import type { Sql } from "@potstats/db/connect";
import { withLock } from "@potstats/db/locks";
import { checkTimezone } from "@potstats/db/checks/timezone";
import { readLastRun } from "./last-run.ts";
import { runFull } from "./full.ts";
import { runIncremental } from "./incremental.ts";
import { haveBoardsChanged } from "./inputs/entities.ts";
import { dropOld } from "./publish.ts";
import { latestRevision, type Summary } from "./run.ts";
import { statistics } from "./registry.ts";
import { definitionsDigest } from "./definitions-digest.ts";

export interface AnalyzeOptions {
  /** A pool of at least eight connections, and no fewer than `workers`. */
  sql: Sql;
  /** IANA name. Years, days, weekdays and hours are in this time zone. */
  timezone: string;
  /** The address before `/bb/…`, against which relative addresses in posts are resolved. */
  forumUrl: string;
  /** Recompute everything, even if nothing changed. */
  full?: boolean;
  /** Maximum number of concurrent tasks in a full run: one reads the posts, and each derived table is another. */
  workers?: number;
  progress?: Progress;
  signal?: AbortSignal | undefined;
}

export type AnalyzeSummary = Summary;

export const defaultWorkers = Math.min(16, navigator.hardwareConcurrency);

/**
 * Brings `baked` up to date with the crawled tables. If nothing has changed, only the time of the analysis is updated.
 * @throws CommandError if PostgreSQL and JavaScript disagree about the time zone
 * @throws AlreadyRunning when another run holds the lock, LockLost when the lock is lost during the run
 */
export async function analyze(options: AnalyzeOptions): Promise<AnalyzeSummary> {
  const { sql, timezone, full = false, workers = defaultWorkers, progress = silent } = options;
  // The addresses of relative links are published.
  const forumUrl = withoutCredentials(options.forumUrl);
  await checkTimezone(sql, timezone);
  return withLock(sql, "analyze", async (lost) => {
    const signal = options.signal ? AbortSignal.any([options.signal, lost]) : lost;
    const run = { sql, timezone, forumUrl, statistics, workers, progress, signal };
    // A full run that was killed, or had readers, left them behind. They take nothing but space.
    await dropOld(sql).catch((error: unknown) => progress.note(`old tables cannot be dropped: ${String(error)}`));
    const last = full ? undefined : await readLastRun(sql);
    if (last?.version !== definitionsDigest || last.timezone !== timezone || last.forum_url !== forumUrl)
      return runFull(run);
    const revision = await latestRevision(sql);
    // An older database was restored from a backup.
    if (revision < last.revision) return runFull(run);
    if (revision === last.revision && !(await haveBoardsChanged(sql))) {
      const { counts, generation } = last;
      // The statistics are current as of now.
      await sql`update baked.analysis set finished_at = ${new Date()}`;
      return { kind: "incremental", changed: false, posts: 0, counts, generation, rows: {}, seconds: {}, costs: {} };
    }
    return (await runIncremental(run, last)) ?? runFull(run);
  });
}
