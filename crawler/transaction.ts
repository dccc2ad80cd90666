/** What the parts of the store share. */
import type postgres from "postgres";

export type Transaction = postgres.TransactionSql<{ bigint: number; date: string; timestamp: Date }>;

/** Rows as one JSON text, to be unfolded by json_to_recordset: a single parameter, whatever their number. */
export const rows = (list: unknown[]): string => JSON.stringify(list);
