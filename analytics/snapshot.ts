/** One moment of the crawled tables for several connections: a crawl going on meanwhile changes nothing of what a run sees. */
import type { Sql } from "@potstats/db/connect";
import type { Transaction } from "@potstats/db/copy";

export interface Snapshot {
  /** The transaction that took the snapshot; it lasts as long. */
  keeper: Transaction;
  /** Does `work` in a transaction that sees the crawled tables as of the snapshot. */
  read<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Does `work` in a transaction of its own, for writing. */
  write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** Takes a snapshot and keeps it while `work` lasts. */
export async function withSnapshot<T>(sql: Sql, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const result = await sql.begin("isolation level repeatable read", async (keeper) => {
    const [row] = await keeper<{ id: string }[]>`select pg_export_snapshot() as id`;
    return work({
      keeper: keeper as Transaction,
      read: async (reading) =>
        (await sql.begin("isolation level repeatable read", async (reader) => {
          await reader.unsafe(`set transaction snapshot '${row?.id}'`);
          return reading(reader as Transaction);
        })) as Awaited<ReturnType<typeof reading>>,
      write: async (writing) =>
        (await sql.begin((writer) => writing(writer as Transaction))) as Awaited<ReturnType<typeof writing>>,
    });
  });
  return result as T;
}

/**
 * Does all of `works` side by side, at most so many at once, and waits for every one, also when one of them fails: none goes
 * on behind our back.
 */
export async function together<T extends (() => Promise<unknown>)[]>(
  works: [...T],
  atOnce = works.length,
): Promise<{ [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  const results: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < works.length) {
      const at = next++;
      results[at] = await works[at]?.();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results as { [K in keyof T]: Awaited<ReturnType<T[K]>> };
}
