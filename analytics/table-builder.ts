/**
 * Makes derived tables in `baked_next`. A table gets its indexes in the transaction that fills it, which PostgreSQL
 * with `wal_level=minimal` need not log.
 */
import * as bakedTables from "@potstats/db/baked";
import { createIndexes, createTable, createTableAs, type Query, setNotNull, tablesOf } from "@potstats/db/baked-ddl";
import type { Sql, Transaction } from "@potstats/db/connect";
import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

/**
 * No statement gets parallel workers, and each has its share of memory: as many statements run at once as there are
 * workers.
 */
const settings = `
  set local max_parallel_workers_per_gather = 0; set local max_parallel_maintenance_workers = 0;
  set local work_mem = '64MB'; set local maintenance_work_mem = '256MB'; set local synchronous_commit = off;
  set local default_statistics_target = 20`;

/** A query for the rows, or a function that writes them into the empty table and returns how many there are. */
type Rows = Query | ((transaction: Transaction) => Promise<number>);

export interface TableBuilder {
  /** The number of rows per table. */
  rows: Record<string, number>;
  make(table: PgTable, from: Rows, options?: { isSorted?: boolean }): Promise<void>;
  /** Makes a table in a transaction that has begun. */
  makeIn(transaction: Transaction, table: PgTable, from: Rows): Promise<void>;
  /** Executes statements that make an intermediate table or view. */
  execute(statements: string): Promise<void>;
}

export function createTableBuilder(sql: Sql, signal?: AbortSignal): TableBuilder {
  const rows = Object.fromEntries(tablesOf(bakedTables).map((table) => [getTableName(table), 0]));
  const makeIn: TableBuilder["makeIn"] = async (transaction, table, from) => {
    const name = getTableName(table);
    signal?.throwIfAborted();
    await transaction.unsafe(settings);
    if (typeof from !== "function") {
      rows[name] = (await transaction.unsafe(createTableAs(table, "baked_next", from))).count;
      await transaction.unsafe(setNotNull(table, "baked_next"));
    } else {
      await transaction.unsafe(createTable(table, "baked_next"));
      rows[name] = await from(transaction);
    }
    for (const statement of [...createIndexes(table, "baked_next"), `analyze baked_next.${name}`]) {
      signal?.throwIfAborted();
      await transaction.unsafe(statement);
    }
  };
  return {
    rows,
    makeIn,
    make: async (table, from, { isSorted = false } = {}) => {
      await sql.begin(async (transaction) => {
        if (isSorted) await transaction.unsafe("set local enable_hashagg = off");
        await makeIn(transaction, table, from);
      });
    },
    execute: async (statements) => {
      signal?.throwIfAborted();
      await sql.begin((transaction) => transaction.unsafe(`${settings}; ${statements}`));
    },
  };
}
