/** Brings the search index up to date with the analytics: new and edited posts put in, vanished ones taken out. */
import { type Phase, type Progress, silent } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import { newGeneration } from "@potstats/db/generation";
import { withLock } from "@potstats/db/locks";
import { searchVersion } from "@potstats/db/search";
import { type Meilisearch, MeilisearchApiError, MeilisearchRequestError } from "meilisearch";
import { countChanges } from "./documents.ts";
import { fillMeilisearch } from "./fill-meilisearch.ts";
import { fillPostgres } from "./fill-postgres.ts";
import { clientOf, holds, type MeilisearchServer } from "./meilisearch.ts";

export interface FillOptions {
  sql: Sql;
  /** Without it only PostgreSQL's own index is filled. */
  meili?: MeilisearchServer | undefined;
  /** Everything into fresh indexes. */
  full?: boolean;
  progress?: Progress;
  signal?: AbortSignal;
}

export interface FillSummary {
  engines: { engine: "meilisearch" | "postgres"; changed: boolean; posts: number; threads: number; seconds: number }[];
}

interface Analysis {
  generation: string;
  revision: number;
  timezone: string;
}

interface State {
  version: number;
  analysis_generation: string;
  revision: number;
  timezone: string;
  post_count: number;
  thread_count: number;
  index_id: string;
}

/** What an engine fills its index with, and how to know whether it still holds what it held. */
interface Target {
  engine: "meilisearch" | "postgres";
  fill(
    since: number | undefined,
    phase: Phase,
    signal: AbortSignal,
  ): Promise<{ posts: number; threads: number; index_id?: string }>;
  /** Whether the index still is what it was when its state was written. */
  isKept(state: State): Promise<boolean>;
}

/**
 * Fills PostgreSQL's index, and Meilisearch's where there is one.
 * @throws AlreadyRunning when another run holds the lock, LockLost when another may
 * @throws Error when nothing was analysed yet
 */
export function fillIndex(options: FillOptions): Promise<FillSummary> {
  const { sql, meili, full = false, progress = silent, signal } = options;
  return withLock(sql, "index", async (lost) => {
    const stop = signal ? AbortSignal.any([signal, lost]) : lost;
    const [analysis] = await sql<Analysis[]>`select generation, revision, timezone from baked.analysis`;
    if (!analysis) throw new Error("nothing was analysed yet: run `bun run analyze` first");
    const { timezone } = analysis;
    const client = meili && clientOf(meili);
    const targets: Target[] = [
      {
        engine: "postgres",
        fill: (since, phase, aborted) => fillPostgres(sql, { since, timezone, phase, signal: aborted }),
        // It lies beside its state.
        isKept: async () => true,
      },
    ];
    if (client) {
      targets.push({
        engine: "meilisearch",
        fill: (since, phase, aborted) => fillMeilisearch(client, sql, { since, timezone, phase, signal: aborted }),
        isKept: (state) => isKept(client, state),
      });
    }
    const summary: FillSummary = { engines: [] };
    for (const target of targets) {
      try {
        summary.engines.push(await bringUp(sql, target, analysis, full, progress, stop));
      } catch (error) {
        throw stop.aborted ? stop.reason : meili ? explained(error, meili.url) : error;
      }
    }
    return summary;
  });
}

async function bringUp(
  sql: Sql,
  { engine, fill, isKept: isIndexKept }: Target,
  analysis: Analysis,
  full: boolean,
  progress: Progress,
  signal: AbortSignal,
): Promise<FillSummary["engines"][number]> {
  const started = performance.now();
  const [state] = await sql<State[]>`select * from search.state where engine = ${engine}`;
  const continues =
    !full &&
    state !== undefined &&
    state.version === searchVersion &&
    state.timezone === analysis.timezone &&
    // A lower one: an older database was put back.
    state.revision <= analysis.revision &&
    (await isIndexKept(state));
  if (continues && state.analysis_generation === analysis.generation) {
    return { engine, changed: false, posts: state.post_count, threads: state.thread_count, seconds: 0 };
  }
  const since = continues ? state.revision : undefined;
  signal.throwIfAborted();
  const phase = progress.phase(`index ${engine}`, { unit: "documents", total: await countChanges(sql, since ?? -1) });
  const { posts, threads, index_id = "" } = await fill(since, phase, signal);
  await sql`
    insert into search.state ${sql({
      engine,
      version: searchVersion,
      generation: newGeneration(),
      analysis_generation: analysis.generation,
      revision: analysis.revision,
      timezone: analysis.timezone,
      post_count: posts,
      thread_count: threads,
      index_id,
      finished_at: new Date(),
    })}
    on conflict (engine) do update set version = excluded.version, generation = excluded.generation,
      analysis_generation = excluded.analysis_generation, revision = excluded.revision, timezone = excluded.timezone,
      post_count = excluded.post_count, thread_count = excluded.thread_count, index_id = excluded.index_id,
      finished_at = excluded.finished_at`;
  phase.done();
  return { engine, changed: true, posts, threads, seconds: (performance.now() - started) / 1000 };
}

async function isKept(client: Meilisearch, state: State): Promise<boolean> {
  try {
    return await holds(client, state);
  } catch (error) {
    if (error instanceof MeilisearchApiError && error.response.status === 404) return false;
    throw error;
  }
}

/** Meilisearch's errors, with what to do about them. */
function explained(error: unknown, url: string): unknown {
  if (error instanceof MeilisearchApiError && [401, 403].includes(error.response.status))
    return new Error(`Meilisearch at ${url} refuses the key: set MEILI_MASTER_KEY to the one it was started with`, {
      cause: error,
    });
  if (error instanceof MeilisearchRequestError)
    return new Error(`Meilisearch at ${url} cannot be reached: is it running, and is MEILI_URL right?`, {
      cause: error,
    });
  return error;
}
