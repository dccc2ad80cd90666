/** Creates derived tables from their drizzle definitions, in any schema. */
import { createHash } from "node:crypto";
import { is, SQL } from "drizzle-orm";
import { getTableConfig, type IndexedColumn, type PgColumn, PgDialect, PgTable } from "drizzle-orm/pg-core";
import * as bakedTables from "./baked.ts";
import * as searchTables from "./search-index.ts";

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A column of an index with its direction, or an expression. */
function indexed(column: Partial<IndexedColumn> | SQL): string {
  if (is(column, SQL)) return new PgDialect().sqlToQuery(column).sql;
  const order = column.indexConfig?.order === "desc" ? " desc" : "";
  return quote(column.name ?? "") + order;
}

// Text is ordered by code point, whatever the database's collation.
const typeOf = (column: PgColumn) => (column.getSQLType() === "text" ? 'text collate "C"' : column.getSQLType());

/** `create table` without keys and indexes, so that loading rows is fast. */
export function createTable(table: PgTable, schema: string): string {
  const { name, columns } = getTableConfig(table);
  const lines = columns.map((column) => `${quote(column.name)} ${typeOf(column)}${column.notNull ? " not null" : ""}`);
  return `create table ${quote(schema)}.${quote(name)} (\n  ${lines.join(",\n  ")}\n)`;
}

/** A query for the rows of a table. */
export interface Query {
  /** SQL for each of the table's columns, by name. */
  columns: Record<string, string>;
  /** What follows `from`. */
  from: string;
}

/** `create table … as` with the rows of a query, which is faster than inserting them. */
export function createTableAs(table: PgTable, schema: string, { columns, from }: Query): string {
  const { name, columns: own } = getTableConfig(table);
  const values = own.map((column) => {
    const sql = columns[column.name];
    if (sql === undefined) throw new Error(`the query for ${name} lacks ${column.name}`);
    return `${/^[\w.]+$/.test(sql) ? sql : `(${sql})`}::${typeOf(column)} as ${column.name}`;
  });
  return `create table ${schema}.${name} as select ${values.join(", ")} from ${from}`;
}

/** Adds the NOT NULL constraints, which {@link createTableAs} cannot declare. */
export function setNotNull(table: PgTable, schema: string): string {
  const { name, columns } = getTableConfig(table);
  const required = columns.filter((column) => column.notNull);
  return `alter table ${quote(schema)}.${quote(name)} ${required.map((column) => `alter ${quote(column.name)} set not null`).join(", ")}`;
}

/** `analyze` without arrays: looking into them takes long, and no plan depends on what they hold. */
export function analyzeTable(table: PgTable, schema: string): string {
  const { name, columns } = getTableConfig(table);
  const scalars = columns.filter((column) => !column.getSQLType().endsWith("[]"));
  return `analyze ${quote(schema)}.${quote(name)} (${scalars.map((column) => quote(column.name)).join(", ")})`;
}

/** Statements for the primary key and the indexes of one table. */
export function createIndexes(table: PgTable, schema: string): string[] {
  const { name, indexes, primaryKeys } = getTableConfig(table);
  const target = `${quote(schema)}.${quote(name)}`;
  const keys = primaryKeys.map(
    (key) => `alter table ${target} add primary key (${key.columns.map((column) => quote(column.name)).join(", ")})`,
  );
  const others = indexes.map(({ config }) => {
    const columns = config.columns.map((column) => indexed(column as Partial<IndexedColumn> | SQL)).join(", ");
    const only = config.where ? ` where ${new PgDialect().sqlToQuery(config.where).sql}` : "";
    const storage = Object.entries(config.with ?? {}).map(([option, value]) => `${option} = ${value}`);
    const options = storage.length > 0 ? ` with (${storage.join(", ")})` : "";
    return `create index ${quote(config.name ?? "")} on ${target} using ${config.method ?? "btree"} (${columns})${options}${only}`;
  });
  return [...keys, ...others];
}

/** All tables that a module exports. */
export const tablesOf = (definitions: object): PgTable[] =>
  Object.values(definitions).filter((value) => is(value, PgTable));

/** The statements that create all derived tables, empty and indexed. */
export const createBaked = (schema: string): string => createSchema(schema, tablesOf(bakedTables));

/** The statements that create all tables of the search index, empty and indexed. */
export const createSearch = (schema: string): string => createSchema(schema, tablesOf(searchTables));

function createSchema(schema: string, tables: PgTable[]): string {
  return [
    `create schema ${quote(schema)}`,
    ...tables.flatMap((table) => [createTable(table, schema), ...createIndexes(table, schema)]),
    markSchema(schema, tables),
  ].join(";\n");
}

/** A digest of table definitions. It is stored as the schema's comment, to detect a schema of other definitions. */
function markOf(tables: PgTable[]): string {
  const definitions = tables.flatMap((table) => [createTable(table, "x"), ...createIndexes(table, "x")]).join(";");
  return `potstats ${createHash("sha256").update(definitions).digest("hex").slice(0, 16)}`;
}

export const markSchema = (schema: string, tables: PgTable[]): string =>
  `comment on schema ${quote(schema)} is '${markOf(tables)}'`;

/** The marks of the derived schemas in this version of the program. */
export const marks = { baked: markOf(tablesOf(bakedTables)), search: markOf(tablesOf(searchTables)) };
