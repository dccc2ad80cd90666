/** SQL that makes derived tables from their drizzle definitions, in a schema of any name. */
import { createHash } from "node:crypto";
import { is } from "drizzle-orm";
import { getTableConfig, type IndexedColumn, type PgColumn, PgDialect, PgTable } from "drizzle-orm/pg-core";
import * as bakedTables from "./baked.ts";
import * as searchTables from "./search.ts";

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** An indexed column with its direction. */
function indexed(column: Partial<IndexedColumn>): string {
  const order = column.indexConfig?.order === "desc" ? " desc" : "";
  return quote(column.name ?? "") + order;
}

// Text orders by code point, whatever the database's collation.
const typeOf = (column: PgColumn) => (column.getSQLType() === "text" ? 'text collate "C"' : column.getSQLType());

/** `create table` of one table, without keys and indexes, in `schema`: for loading into. */
export function createTable(table: PgTable, schema: string): string {
  const { name, columns } = getTableConfig(table);
  const lines = columns.map((column) => `${quote(column.name)} ${typeOf(column)}${column.notNull ? " not null" : ""}`);
  return `create table ${quote(schema)}.${quote(name)} (\n  ${lines.join(",\n  ")}\n)`;
}

/** The same filled with the rows of a query, whose columns are the table's in their order: quicker than inserting them. */
export function createTableAs(table: PgTable, schema: string, query: string): string {
  const { name, columns } = getTableConfig(table);
  const names = columns.map((column) => quote(column.name));
  const values = columns.map((column, at) => `${names[at]}::${typeOf(column)} as ${names[at]}`);
  return `create table ${quote(schema)}.${quote(name)} as select ${values.join(", ")} from (${query}) as filled (${names.join(", ")})`;
}

/** What {@link createTableAs} leaves to say: which columns are never NULL. */
export function setNotNull(table: PgTable, schema: string): string {
  const { name, columns } = getTableConfig(table);
  const never = columns.filter((column) => column.notNull);
  return `alter table ${quote(schema)}.${quote(name)} ${never.map((column) => `alter ${quote(column.name)} set not null`).join(", ")}`;
}

/** The primary key and every secondary index of one table, in `schema`. */
export function createIndexes(table: PgTable, schema: string): string[] {
  const { name, indexes, primaryKeys } = getTableConfig(table);
  const target = `${quote(schema)}.${quote(name)}`;
  const keys = primaryKeys.map(
    (key) => `alter table ${target} add primary key (${key.columns.map((column) => quote(column.name)).join(", ")})`,
  );
  const others = indexes.map(({ config }) => {
    const columns = config.columns.map((column) => indexed(column as Partial<IndexedColumn>)).join(", ");
    const only = config.where ? ` where ${new PgDialect().sqlToQuery(config.where).sql}` : "";
    return `create index ${quote(config.name ?? "")} on ${target} using ${config.method ?? "btree"} (${columns})${only}`;
  });
  return [...keys, ...others];
}

/** The tables of a module of definitions. */
export const tablesOf = (definitions: object): PgTable[] =>
  Object.values(definitions).filter((value) => is(value, PgTable));

/** All statements that make the derived tables, empty and indexed, in `schema`. */
export const createBaked = (schema: string): string => createSchema(schema, tablesOf(bakedTables));

/** All statements that make the search's tables, empty and indexed. */
export const createSearch = (schema: string): string => createSchema(schema, tablesOf(searchTables));

function createSchema(schema: string, tables: PgTable[]): string {
  return [
    `create schema ${quote(schema)}`,
    ...tables.flatMap((table) => [createTable(table, schema), ...createIndexes(table, schema)]),
    markSchema(schema, tables),
  ].join(";\n");
}

/** What tells a schema made from these definitions from one that an older version made; kept as the schema's comment. */
export function markOf(tables: PgTable[]): string {
  const definitions = tables.flatMap((table) => [createTable(table, "x"), ...createIndexes(table, "x")]).join(";");
  return `potstats ${createHash("sha256").update(definitions).digest("hex").slice(0, 16)}`;
}

export const markSchema = (schema: string, tables: PgTable[]): string =>
  `comment on schema ${quote(schema)} is '${markOf(tables)}'`;

/** The marks that the derived schemas of this version carry. */
export const marks = { baked: markOf(tablesOf(bakedTables)), search: markOf(tablesOf(searchTables)) };
