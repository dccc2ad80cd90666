/** One snapshot of the crawled tables for several connections: a run sees nothing of a crawl that goes on meanwhile. */
import type { Sql, Transaction } from "@potstats/db/connect";

export interface Snapshot {
  /** The transaction that took the snapshot, which lives as long as it is open. */
  keeper: Transaction;
  /** Does `work` in another transaction that sees the same snapshot. */
  read<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** Takes a snapshot and keeps it while `work` lasts. */
export async function withSnapshot<T>(sql: Sql, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const result = await sql.begin("isolation level repeatable read", async (keeper) => {
    const [row] = await keeper<{ id: string }[]>`select pg_export_snapshot() as id`;
    return work({
      keeper,
      read: async (reading) =>
        (await sql.begin("isolation level repeatable read", async (reader) => {
          await reader.unsafe(`set transaction snapshot '${row?.id}'`);
          return reading(reader);
        })) as Awaited<ReturnType<typeof reading>>,
    });
  });
  return result as T;
}
