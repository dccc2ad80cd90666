/** One run of the analytics: what changed since the last one, or everything. */
import { silent, type Progress } from "@potstats/cli/progress";
import { bakedVersion } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import { withLock } from "@potstats/db/locks";
import { checkTimezone } from "@potstats/db/checks/timezone";
import { bakeEverything } from "./full.ts";
import { bakeChanges } from "./incremental.ts";
import { boardsChanged } from "./names.ts";
import { type LastRun, revisionOf, type Summary } from "./run.ts";

export interface AnalyzeOptions {
  /** A pool of eight connections at least; more when there are more workers. */
  sql: Sql;
  /** IANA name: decides years, days, weekdays and hours. */
  timezone: string;
  /** What stands before `/bb/…`, for relative addresses in posts. */
  forumUrl: string;
  /** Everything from scratch, also when nothing changed. */
  full?: boolean;
  /** How many things a full run does at a time: reading posts is one, each statement that makes a table another. */
  workers?: number;
  progress?: Progress;
  signal?: AbortSignal | undefined;
}

export type AnalyzeSummary = Summary;

export const defaultWorkers = Math.min(16, navigator.hardwareConcurrency);

/**
 * Brings `baked` up to date with the crawled tables.
 * @throws CommandError when PostgreSQL and JavaScript read the time zone differently
 * @throws AlreadyRunning when another run holds the lock, LockLost when another may
 */
export async function analyze(options: AnalyzeOptions): Promise<AnalyzeSummary> {
  const { sql, timezone, forumUrl, full = false, workers = defaultWorkers, progress = silent } = options;
  await checkTimezone(sql, timezone);
  return withLock(sql, "analyze", async (lost) => {
    const signal = options.signal ? AbortSignal.any([options.signal, lost]) : lost;
    const run = { sql, timezone, forumUrl, workers, progress, signal };
    const last = full ? undefined : await lastRun(sql);
    if (last?.version !== bakedVersion || last.timezone !== timezone || last.forum_url !== forumUrl)
      return bakeEverything(run);
    const revision = await revisionOf(sql);
    // A lower one: an older database was put back.
    if (revision < last.revision) return bakeEverything(run);
    if (revision === last.revision && !(await boardsChanged(sql))) {
      const { counts, generation } = last;
      return { kind: "incremental", changed: false, posts: 0, counts, generation, rows: {}, seconds: {} };
    }
    return (await bakeChanges(run, last)) ?? bakeEverything(run);
  });
}

/** Undefined when there was none, or one that this version cannot go on from. */
async function lastRun(sql: Sql): Promise<LastRun | undefined> {
  const [known] = await sql`select 1 from pg_tables where schemaname = 'baked' and tablename = 'analysis'`;
  if (!known) return undefined;
  const [run] = await sql<LastRun[]>`select * from baked.analysis`;
  return run;
}
