/** What full and incremental runs have in common. */
import type { Phase, Progress } from "@potstats/cli/progress";
import type { Sql, Transaction } from "@potstats/db/connect";

export interface Run {
  sql: Sql;
  timezone: string;
  forumUrl: string;
  progress: Progress;
  /** How many things a full run does at a time. */
  workers: number;
  signal?: AbortSignal | undefined;
}

/** Of all posts, for the status page. */
export type Counts = Record<
  "posts" | "threads" | "users" | "boards" | "quotes" | "malformed_quotes" | "links" | "unparsable_links",
  number
>;

export interface Summary {
  kind: "full" | "incremental";
  /** False when nothing had changed since the last run. */
  changed: boolean;
  /** Posts that were read. */
  posts: number;
  counts: Counts;
  generation: string;
  /** Rows per derived table: all of a full run, those that an incremental one wrote or took away. */
  rows: Record<string, number>;
  /** Seconds per phase. */
  seconds: Record<string, number>;
}

/** The last run, as `baked.analysis` has it. */
export interface LastRun {
  version: number;
  timezone: string;
  forum_url: string;
  revision: number;
  generation: string;
  counts: Counts;
}

/**
 * Phases of a run, shown while they last.
 * @returns what does a phase's work, and the seconds that each has taken
 */
export function createPhases({ progress, signal }: Run) {
  const seconds: Record<string, number> = {};
  const inPhase = async <T>(
    name: string,
    about: { unit: string; total?: number },
    work: (phase: Phase) => Promise<T>,
  ): Promise<T> => {
    signal?.throwIfAborted();
    const phase = progress.phase(name, about);
    const from = performance.now();
    const result = await work(phase);
    phase.done();
    seconds[name] = (performance.now() - from) / 1000;
    return result;
  };
  return { seconds, inPhase };
}

/** The crawled tables' latest revision. */
export async function revisionOf(sql: Sql | Transaction): Promise<number> {
  const [row] = await sql<{ revision: number }[]>`
    select greatest(
      (select coalesce(max(revision), 0) from public.posts), (select coalesce(max(revision), 0) from public.threads),
      (select coalesce(max(revision), 0) from public.users), (select coalesce(max(revision), 0) from public.boards)) as revision`;
  return row?.revision ?? 0;
}
