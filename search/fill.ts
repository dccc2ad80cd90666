/** Brings the search index up to date with the analytics: new and edited posts put in, vanished ones taken out. */
import { silent, type Progress } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import { newGeneration } from "@potstats/db/generation";
import { withLock } from "@potstats/db/locks";
import { searchVersion } from "@potstats/db/search";
import { fillMeilisearch } from "./fill-meilisearch.ts";
import { fillPostgres } from "./fill-postgres.ts";
import { clientOf, type MeilisearchServer } from "./meilisearch.ts";
import { indexes } from "./settings.ts";

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
}

/**
 * Fills PostgreSQL's index, and Meilisearch's where there is one.
 * @throws AlreadyRunning when another run holds the lock, LockLost when another may
 * @throws Error when nothing was analysed yet
 */
export function fillIndex(options: FillOptions): Promise<FillSummary> {
  const { sql, meili, full = false, progress = silent } = options;
  return withLock(sql, "index", async (lost) => {
    const signal = options.signal ? AbortSignal.any([options.signal, lost]) : lost;
    const [analysis] = await sql<Analysis[]>`select generation, revision, timezone from baked.analysis`;
    if (!analysis) throw new Error("nothing was analysed yet: run `bun run analyze` first");
    const summary: FillSummary = { engines: [] };
    const client = meili && clientOf(meili);
    const fills = {
      postgres: (since: number | undefined, phase: ReturnType<Progress["phase"]>) =>
        fillPostgres(sql, { since, timezone: analysis.timezone, phase, signal }),
      ...(client
        ? {
            meilisearch: (since: number | undefined, phase: ReturnType<Progress["phase"]>) =>
              fillMeilisearch(client, sql, { since, timezone: analysis.timezone, phase, signal }),
          }
        : {}),
    };
    const held = { postgres: () => heldByPostgres(sql), meilisearch: () => (client ? heldByMeilisearch(client) : 0) };
    for (const [name, fill] of Object.entries(fills)) {
      const engine = name as "postgres" | "meilisearch";
      const started = performance.now();
      const state = await stateOf(sql, engine);
      const since = full || !(await continues(state, analysis, held[engine])) ? undefined : state?.revision;
      if (since !== undefined && state?.analysis_generation === analysis.generation) {
        summary.engines.push({
          engine,
          changed: false,
          posts: state.post_count,
          threads: state.thread_count,
          seconds: 0,
        });
        continue;
      }
      const phase = progress.phase(`index ${engine}`, { unit: "documents" });
      const { posts, threads } = await fill(since, phase);
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
          finished_at: new Date(),
        })}
        on conflict (engine) do update set version = excluded.version, generation = excluded.generation,
          analysis_generation = excluded.analysis_generation, revision = excluded.revision, timezone = excluded.timezone,
          post_count = excluded.post_count, thread_count = excluded.thread_count, finished_at = excluded.finished_at`;
      phase.done();
      summary.engines.push({ engine, changed: true, posts, threads, seconds: (performance.now() - started) / 1000 });
    }
    return summary;
  });
}

async function stateOf(sql: Sql, engine: string): Promise<State | undefined> {
  const [state] = await sql<State[]>`
    select version, analysis_generation, revision, timezone, post_count, thread_count from search.state where engine = ${engine}`;
  return state;
}

/** Whether the index can go on from its state: same shape, same years, and it still holds what it held. */
async function continues(
  state: State | undefined,
  analysis: Analysis,
  held: () => Promise<number> | number,
): Promise<boolean> {
  if (!state || state.version !== searchVersion || state.timezone !== analysis.timezone) return false;
  if (state.revision > analysis.revision) return false;
  // A fill that was killed half-way may have put some in already: fewer than known means lost.
  return (await held()) >= state.post_count;
}

async function heldByPostgres(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*) as count from search.posts`;
  return row?.count ?? 0;
}

async function heldByMeilisearch(client: ReturnType<typeof clientOf>): Promise<number> {
  try {
    return (await client.index(indexes.post).getStats()).numberOfDocuments;
  } catch {
    return -1;
  }
}
