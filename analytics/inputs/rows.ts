import type { Transaction } from "@potstats/db/connect";
import { type CopyValue, copyInto } from "@potstats/db/copy";
import type { Row } from "@potstats/db/row";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";

/** The number of rows read at a time. */
export const batchSize = 5000;

/** Writes rows into a derived table. @returns their number */
export function copyRows<T extends PgTable>(
  writer: Transaction,
  schema: "baked" | "baked_next",
  table: T,
  batches: AsyncIterable<Row<T>[]> | Row<T>[][],
): Promise<number> {
  const { name, columns } = getTableConfig(table);
  const names = columns.map((column) => column.name as keyof Row<T>);
  return copyInto(writer, `${schema}.${name}`, names as string[], async (copy) => {
    let count = 0;
    for await (const batch of batches) {
      for (const row of batch) await copy.row(names.map((column) => row[column] as CopyValue));
      count += batch.length;
    }
    return count;
  });
}
