/** One snapshot of the crawled tables, shared by several connections: a run sees nothing of a concurrent crawl. */
import type { Sql, Transaction } from "@potstats/db/connect";

export interface Snapshot {
  /** The transaction that took the snapshot and keeps it valid while it is open. */
  keeper: Transaction;
  /** Does `work` in another transaction that sees the same snapshot. */
  read<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** Takes a snapshot and keeps it valid during `work`. */
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
