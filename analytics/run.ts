/** What full and incremental runs have in common. */
import type { Phase, Progress } from "@potstats/cli/progress";
import type { Sql, Transaction } from "@potstats/db/connect";
import type { Counts } from "./counts.ts";
import type { Statistic } from "./statistic.ts";

export interface Run {
  sql: Sql;
  timezone: string;
  forumUrl: string;
  statistics: readonly Statistic[];
  progress: Progress;
  /** Maximum number of concurrent tasks in a full run. */
  workers: number;
  signal?: AbortSignal | undefined;
}

export interface Summary {
  kind: "full" | "incremental";
  /** False when nothing had changed since the last run. */
  changed: boolean;
  /** The number of posts read. */
  posts: number;
  /** Totals of the whole forum, for the status page. */
  counts: Counts;
  generation: string;
  /** Rows per derived table: in a full run all of them, in an incremental run the rows written and deleted. */
  rows: Record<string, number>;
  /** Seconds per phase. */
  seconds: Record<string, number>;
  /** Seconds per table, with its indexes. In a full run several are computed at a time. */
  costs: Record<string, number>;
}

/** @returns `timed`, which adds the seconds that a table takes to its `costs` */
export function createCosts() {
  const costs: Record<string, number> = {};
  const timed = async <T>(table: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work();
    costs[table] = (costs[table] ?? 0) + (performance.now() - from) / 1000;
    return result;
  };
  return { costs, timed };
}

/** @returns `inPhase`, which does the work of a phase and shows its progress, and the `seconds` that each phase took */
export function createPhases({ progress, signal }: Run) {
  const seconds: Record<string, number> = {};
  const inPhase = async <T>(
    name: string,
    size: { unit: string; total?: number },
    work: (phase: Phase) => Promise<T>,
  ): Promise<T> => {
    signal?.throwIfAborted();
    const phase = progress.phase(name, size);
    const from = performance.now();
    const result = await work(phase);
    phase.done();
    seconds[name] = (performance.now() - from) / 1000;
    return result;
  };
  return { seconds, inPhase };
}

/** The latest revision of the crawled tables. */
export async function latestRevision(sql: Sql | Transaction): Promise<number> {
  const [row] = await sql<{ revision: number }[]>`
    select greatest(
      (select coalesce(max(revision), 0) from public.posts),
      (select coalesce(max(revision), 0) from public.threads),
      (select coalesce(max(revision), 0) from public.users),
      (select coalesce(max(revision), 0) from public.boards)
    ) as revision`;
  return row?.revision ?? 0;
}
