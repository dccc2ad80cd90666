/** One moment of the crawled tables for several connections: a crawl going on meanwhile changes nothing of what a run sees. */
import type { Sql, Transaction } from "@potstats/db/connect";

export interface Snapshot {
  /** The transaction that took the snapshot; it lasts as long. */
  keeper: Transaction;
  /** Does `work` in a transaction that sees the crawled tables as of the snapshot. */
  read<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** Takes a snapshot and keeps it while `work` lasts. */
export async function withSnapshot<T>(sql: Sql, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const result = await sql.begin("isolation level repeatable read", async (keeper) => {
    const [row] = await keeper<{ id: string }[]>`select pg_export_snapshot() as id`;
    return work({
      keeper: keeper,
      read: async (reading) =>
        (await sql.begin("isolation level repeatable read", async (reader) => {
          await reader.unsafe(`set transaction snapshot '${row?.id}'`);
          return reading(reader);
        })) as Awaited<ReturnType<typeof reading>>,
    });
  });
  return result as T;
}
