/** Updates the search index to the last analysis: adds new and edited posts, removes deleted ones. */
import { type Progress, silent } from "@potstats/cli/progress";
import { analysis as analysisTable } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import { drizzleOn } from "@potstats/db/drizzle";
import { newGeneration } from "@potstats/db/generation";
import { withLock } from "@potstats/db/locks";
import type { Row } from "@potstats/db/row";
import { searchVersion, state as stateTable } from "@potstats/db/search-index";
import { eq } from "drizzle-orm";
import { type Meilisearch, MeilisearchApiError, MeilisearchRequestError } from "meilisearch";
import type { EngineName } from "./contract.ts";
import { countChanges } from "./index/documents.ts";
import type { Filled, FillEngineOptions } from "./index/fill-engine.ts";
import { fillMeilisearch } from "./index/fill-meilisearch.ts";
import { fillPostgres } from "./index/fill-postgres.ts";
import { areSameIndexes, clientOf, indexId, type MeilisearchServer } from "./index/meilisearch-client.ts";
import { startRun } from "./index/meilisearch-run.ts";

interface FillOptions {
  sql: Sql;
  /** If undefined, only PostgreSQL's own index is filled. */
  meili?: MeilisearchServer | undefined;
  /** Rebuilds from scratch. */
  full?: boolean;
  progress?: Progress;
  signal?: AbortSignal;
}

interface FillSummary {
  engines: { engine: EngineName; changed: boolean; posts: number; threads: number; seconds: number }[];
}

type Analysis = Row<typeof analysisTable>;
type State = Row<typeof stateTable>;

/** One engine's index. */
interface Target {
  engine: EngineName;
  fill(options: FillEngineOptions): Promise<Filled>;
  /** Whether the index still matches its state. */
  isIntact(state: State): Promise<boolean>;
}

/**
 * Fills PostgreSQL's index, and Meilisearch's if there is one.
 * @throws AlreadyRunning if another run holds the lock, LockLost if our lock is lost
 * @throws Error if nothing has been analyzed yet
 */
export function fillIndex(options: FillOptions): Promise<FillSummary> {
  const { sql, meili, full = false, progress = silent, signal } = options;
  return withLock(sql, "index", async (lost) => {
    const stop = signal ? AbortSignal.any([signal, lost]) : lost;
    const [analysis] = await drizzleOn(sql).select().from(analysisTable);
    if (!analysis) throw new Error("nothing has been analyzed yet: run `bun run analyze` first");
    const summary: FillSummary = { engines: [] };
    for (const target of targetsOf(sql, meili)) {
      try {
        summary.engines.push(await update(sql, target, analysis, full, progress, stop));
      } catch (error) {
        throw stop.aborted ? stop.reason : meili ? explain(error, meili.url) : error;
      }
    }
    return summary;
  });
}

function targetsOf(sql: Sql, meili: MeilisearchServer | undefined): Target[] {
  const postgres: Target = {
    engine: "postgres",
    fill: (options) => fillPostgres(sql, options),
    // The tables are in the same database as their state.
    isIntact: async () => true,
  };
  if (!meili) return [postgres];
  const client = clientOf(meili);
  return [
    postgres,
    {
      engine: "meilisearch",
      fill: async (options) => {
        const run = await startRun(meili);
        const filled = await fillMeilisearch(run.client, sql, options);
        try {
          await run.ensureAlone();
          await ensureComplete(sql, filled);
          await options.save(filled);
        } catch (error) {
          // The next run builds a new index.
          await sql`delete from search.state where engine = 'meilisearch'`;
          throw error;
        }
        return filled;
      },
      isIntact: (state) => isIntact(client, state),
    },
  ];
}

async function update(
  sql: Sql,
  { engine, fill, isIntact: isIndexIntact }: Target,
  analysis: Analysis,
  full: boolean,
  progress: Progress,
  signal: AbortSignal,
): Promise<FillSummary["engines"][number]> {
  const started_ms = performance.now();
  const db = drizzleOn(sql);
  const [state] = await db.select().from(stateTable).where(eq(stateTable.engine, engine));
  const canContinue =
    !full &&
    state !== undefined &&
    state.version === searchVersion &&
    state.timezone === analysis.timezone &&
    // A higher revision means that an older database was restored.
    state.revision <= analysis.revision &&
    (await isIndexIntact(state));
  if (canContinue && !state.is_changing && state.analysis_generation === analysis.generation) {
    return { engine, changed: false, posts: state.post_count, threads: state.thread_count, seconds: 0 };
  }
  const previous = canContinue ? state : undefined;
  signal.throwIfAborted();
  const isCopy = engine === "meilisearch" && !previous;
  const total = isCopy ? await countIndexed(sql) : await countChanges(sql, previous?.revision ?? -1);
  const phase = progress.phase(`index ${engine}`, { unit: "documents", total });
  if (previous) await db.update(stateTable).set({ is_changing: true }).where(eq(stateTable.engine, engine));
  const save: FillEngineOptions["save"] = async (filled, on = sql) => {
    const next: State = {
      engine,
      version: searchVersion,
      generation: newGeneration(),
      analysis_generation: analysis.generation,
      revision: analysis.revision,
      timezone: analysis.timezone,
      post_count: filled.posts,
      thread_count: filled.threads,
      index_id: filled.index_id ?? "",
      is_changing: false,
      finished_at: new Date(),
    };
    await drizzleOn(on).insert(stateTable).values(next).onConflictDoUpdate({ target: stateTable.engine, set: next });
  };
  const { posts, threads } = await fill({ previous, analysis, isFresh: full, phase, signal, save });
  phase.done();
  return { engine, changed: true, posts, threads, seconds: (performance.now() - started_ms) / 1000 };
}

/** Number of documents in PostgreSQL's index, which a new one of Meilisearch is filled from. */
async function countIndexed(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select post_count + thread_count + (select count(*) from baked.users) as count
    from search.state where engine = 'postgres'`;
  return row?.count ?? 0;
}

/**
 * Notices what a killed run or something else left in Meilisearch's indexes.
 * @throws Error if they hold another number of documents than PostgreSQL's
 */
async function ensureComplete(sql: Sql, { posts, threads }: Filled): Promise<void> {
  const [expected] = await sql<Filled[]>`
    select post_count as posts, thread_count as threads from search.state where engine = 'postgres'`;
  if (expected?.posts !== posts || expected.threads !== threads)
    throw new Error(
      `Meilisearch's index has ${posts} posts and ${threads} threads instead of ${expected?.posts} and ${expected?.threads}: ` +
        "run `bun run index` again, which rebuilds it",
    );
}

/** Whether the indexes hold exactly what the last run put there, or a killed run had begun to change that. */
async function isIntact(client: Meilisearch, { index_id, is_changing }: State): Promise<boolean> {
  try {
    const current = await indexId(client);
    return is_changing ? areSameIndexes(current, index_id) : current === index_id;
  } catch (error) {
    if (error instanceof MeilisearchApiError && error.response.status === 404) return false;
    throw error;
  }
}

/** Adds advice to Meilisearch's errors. */
function explain(thrown: unknown, url: string): unknown {
  const isWrapped = thrown instanceof MeilisearchRequestError && thrown.cause instanceof MeilisearchApiError;
  const error = isWrapped ? thrown.cause : thrown;
  if (error instanceof MeilisearchApiError && [401, 403].includes(error.response.status))
    return new Error(
      `Meilisearch at ${url} rejects the key: set MEILI_MASTER_KEY to the key that Meilisearch was started with`,
      {
        cause: error,
      },
    );
  if (error instanceof MeilisearchRequestError)
    return new Error(`Meilisearch at ${url} cannot be reached: is it running, and is MEILI_URL right?`, {
      cause: error,
    });
  return error;
}
