/**
 * Creates derived tables in `baked_next`. A table gets its rows and indexes in the transaction that creates it, so
 * PostgreSQL with `wal_level=minimal` does not log them.
 */
import * as bakedTables from "@potstats/db/baked";
import {
  analyzeTable,
  createIndexes,
  createTable,
  createTableAs,
  type Query,
  setNotNull,
  tablesOf,
} from "@potstats/db/baked-ddl";
import type { Sql, Transaction } from "@potstats/db/connect";
import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

/**
 * Statements get no parallel workers, because tasks already run concurrently. A sort may take 64 to 256 MB, depending on
 * the server's buffers and on how many tasks run at a time; or more, if the server is set so.
 */
const settings = (workers: number) => `
  set local max_parallel_workers_per_gather = 0; set local max_parallel_maintenance_workers = 0;
  select set_config('work_mem', greatest(
    pg_size_bytes(current_setting('work_mem')) / 1024,
    65536,
    least(262144, pg_size_bytes(current_setting('shared_buffers')) / 4096 / ${workers})
  ) || 'kB', true);
  set local maintenance_work_mem = '256MB'; set local synchronous_commit = off;
  set local default_statistics_target = 20`;

/** A query for the rows, or a function that writes them into the empty table and returns their number. */
type Rows = Query | ((transaction: Transaction) => Promise<number>);

export interface TableBuilder {
  /** The number of rows per table. */
  rows: Record<string, number>;
  /** Creates a table with its rows and indexes. */
  create(table: PgTable, from: Rows, options?: { groupBySorting?: boolean }): Promise<void>;
  /** Does the same in an open transaction. */
  createIn(transaction: Transaction, table: PgTable, from: Rows): Promise<void>;
  /** Executes statements that create an intermediate table or view. */
  execute(statements: string): Promise<void>;
}

/** @param workers the number of tasks at a time */
export function createTableBuilder(sql: Sql, workers: number, signal?: AbortSignal): TableBuilder {
  const rows = Object.fromEntries(tablesOf(bakedTables).map((table) => [getTableName(table), 0]));
  const createIn: TableBuilder["createIn"] = async (transaction, table, from) => {
    const name = getTableName(table);
    signal?.throwIfAborted();
    await transaction.unsafe(settings(workers));
    if (typeof from !== "function") {
      rows[name] = (await transaction.unsafe(createTableAs(table, "baked_next", from))).count;
      await transaction.unsafe(setNotNull(table, "baked_next"));
    } else {
      await transaction.unsafe(createTable(table, "baked_next"));
      rows[name] = await from(transaction);
    }
    for (const statement of [...createIndexes(table, "baked_next"), analyzeTable(table, "baked_next")]) {
      signal?.throwIfAborted();
      await transaction.unsafe(statement);
    }
  };
  return {
    rows,
    createIn,
    create: async (table, from, { groupBySorting = false } = {}) => {
      await sql.begin(async (transaction) => {
        if (groupBySorting) await transaction.unsafe("set local enable_hashagg = off");
        await createIn(transaction, table, from);
      });
    },
    execute: async (statements) => {
      signal?.throwIfAborted();
      await sql.begin((transaction) => transaction.unsafe(`${settings(workers)}; ${statements}`));
    },
  };
}
