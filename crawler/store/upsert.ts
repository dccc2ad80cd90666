/**
 * Writes many rows in one statement. Drizzle's own insert takes a parameter per value, and its `insert … select` every
 * column of the table. Here all rows are one JSON parameter, `rows`, so that statements of any number of rows share one
 * text and one prepared plan. Column lists and types come from the table's definition.
 */
import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";

type Name<T extends PgTable> = keyof T["$inferSelect"] & string;

/** The named columns of a table, in the table's order. */
export function columnsOf<T extends PgTable>(table: T, names: readonly Name<T>[]): PgColumn[] {
  const wanted = new Set<string>(names);
  return Object.values(getTableColumns(table)).filter((column) => wanted.has(column.name));
}

/** All columns of a table except the named ones, in the table's order. */
export function columnsExcept<T extends PgTable>(table: T, names: readonly Name<T>[]): PgColumn[] {
  const unwanted = new Set<string>(names);
  return Object.values(getTableColumns(table)).filter((column) => !unwanted.has(column.name));
}

const identifier = ({ name }: PgColumn): SQL => sql`${sql.identifier(name)}`;
const list = (parts: SQL[]): SQL => sql.join(parts, sql.raw(", "));

/** `rows` as text: the driver would serialize a parameter of type json once more. */
const json = sql.param(sql.placeholder("rows"), { mapToDriverValue: (rows: unknown) => JSON.stringify(rows) });

/** The parameter `rows` as the relation `incoming`. Timestamps are ISO 8601 in UTC, as JSON writes a Date. */
export function recordset(columns: PgColumn[]): SQL {
  const definitions = columns.map((column) => sql`${identifier(column)} ${sql.raw(column.getSQLType())}`);
  return sql`json_to_recordset(${json}::text::json) as incoming(${list(definitions)})`;
}

/** For drizzle's `set` of an `update … from` {@link recordset}: each column takes the incoming value. */
export const incoming = (columns: PgColumn[]): Record<string, SQL> =>
  Object.fromEntries(columns.map((column) => [column.name, sql`incoming.${identifier(column)}`]));

/** Whether any of the columns differs from its new value. */
export const differ = (columns: PgColumn[], values: SQL[]): SQL =>
  sql`(${list(columns.map((column) => sql`${column}`))}) is distinct from (${list(values)})`;

interface InsertOptions<T extends PgTable> {
  /** Values of further columns, written with each row that is inserted or changed. */
  touched?: Partial<Record<Name<T>, SQL>>;
  /** Where the rows come from; the parameter `rows` by default. */
  from?: SQL;
}

/** Inserts new rows. */
export function insert<T extends PgTable>(
  table: T,
  columns: PgColumn[],
  { touched = {}, from = recordset(columns) }: InsertOptions<T>,
): SQL {
  const values = Object.values(getTableColumns(table)).flatMap((column) => {
    const value = touched[column.name as Name<T>];
    return value ? [{ column, value: sql`${value}::${sql.raw(column.getSQLType())}` }] : [];
  });
  const names = [...columns, ...values.map(({ column }) => column)].map(identifier);
  return sql`
    insert into ${table} (${list(names)})
    select ${list([...columns.map(identifier), ...values.map(({ value }) => value)])} from ${from}`;
}

export interface UpsertOptions<T extends PgTable> extends InsertOptions<T> {
  key: Name<T>;
  /** Values on conflict that are not the incoming ones (`excluded`). */
  merged?: Partial<Record<Name<T>, SQL>>;
  /** A condition under which a row is written even if it has not changed. */
  orIf?: SQL;
}

/**
 * Inserts rows, and updates existing ones whose columns differ: an unchanged row is not written, and keeps its
 * revision. No two rows may have the same key.
 */
export function upsert<T extends PgTable>(table: T, columns: PgColumn[], options: UpsertOptions<T>): SQL {
  const { key, touched, merged, orIf } = options;
  const from = options.from ?? sql`${recordset(columns)} order by ${sql.identifier(key)}`;
  const updated = (column: PgColumn): SQL => merged?.[column.name as Name<T>] ?? sql`excluded.${identifier(column)}`;
  const compared = columns.filter((column) => column.name !== key);
  const written = [...compared, ...columnsOf(table, Object.keys(touched ?? {}) as Name<T>[])];
  return sql`
    ${insert(table, columns, { ...options, from })}
    on conflict (${sql.identifier(key)}) do update
    set ${list(written.map((column) => sql`${identifier(column)} = ${updated(column)}`))}
    where ${differ(compared, compared.map(updated))} ${orIf ? sql`or ${orIf}` : sql``}`;
}
