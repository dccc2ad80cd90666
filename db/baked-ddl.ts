/** SQL that makes derived tables from their drizzle definitions, in a schema of any name. */
import { is } from "drizzle-orm";
import { getTableConfig, type IndexedColumn, PgTable } from "drizzle-orm/pg-core";
import * as bakedTables from "./baked.ts";
import * as searchTables from "./search.ts";

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** An indexed column with its direction. */
function indexed(column: Partial<IndexedColumn>): string {
  const order = column.indexConfig?.order === "desc" ? " desc" : "";
  return quote(column.name ?? "") + order;
}

/** `create table` of one table, without indexes, in `schema`. */
export function createTable(table: PgTable, schema: string): string {
  const { name, columns, primaryKeys } = getTableConfig(table);
  const lines = columns.map((column) => {
    // Text orders by code point, whatever the database's collation.
    const type = column.getSQLType() === "text" ? 'text collate "C"' : column.getSQLType();
    return `${quote(column.name)} ${type}${column.notNull ? " not null" : ""}`;
  });
  for (const key of primaryKeys)
    lines.push(`primary key (${key.columns.map((column) => quote(column.name)).join(", ")})`);
  return `create table ${quote(schema)}.${quote(name)} (\n  ${lines.join(",\n  ")}\n)`;
}

/** `create index` for every secondary index of one table, in `schema`. */
export function createIndexes(table: PgTable, schema: string): string[] {
  const { name, indexes } = getTableConfig(table);
  return indexes.map(({ config }) => {
    const columns = config.columns.map((column) => indexed(column as Partial<IndexedColumn>)).join(", ");
    const unique = config.unique ? "unique " : "";
    return `create ${unique}index ${quote(config.name ?? "")} on ${quote(schema)}.${quote(name)} using ${config.method ?? "btree"} (${columns})`;
  });
}

/** The tables of a module of definitions. */
export const tablesOf = (definitions: object): PgTable[] =>
  Object.values(definitions).filter((value) => is(value, PgTable));

/** All statements that make the derived tables, empty and indexed, in `schema`. */
export const createBaked = (schema: string): string => createSchema(schema, tablesOf(bakedTables));

/** All statements that make the search's tables, empty and indexed. */
export const createSearch = (schema = "search"): string => createSchema(schema, tablesOf(searchTables));

function createSchema(schema: string, tables: PgTable[]): string {
  return [
    `create schema ${quote(schema)}`,
    ...tables.flatMap((table) => [createTable(table, schema), ...createIndexes(table, schema)]),
  ].join(";\n");
}
