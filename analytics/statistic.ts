/** How a statistic is declared: one value says what its table holds, what that is made from, and how it follows changes. */
import type { Query } from "@potstats/db/baked-ddl";
import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { add, type Anew, makeAnew } from "./follow.ts";
import { mapSources, type Source } from "./source.ts";

/** What an incremental run executes for one statistic. */
export interface Steps {
  /** First, for all statistics: `baked` is still as the last run left it. Fills `baked_next` with what changed posts add. */
  changes: string[];
  /** Then, once everything that the statistic needs is up to date in `baked`. */
  prepare: string[];
  /** Brings the statistic's own table in `baked` up to date; the rows that these statements write are reported. */
  apply: string[];
}

export interface Statistic extends Source {
  readonly table: PgTable;
  readonly needs: readonly Source[];
  /** The query of a full run. */
  readonly query: Query;
  readonly steps: Steps;
  readonly isSorted: boolean;
  readonly isVacuumed: boolean;
}

export type ColumnOf<T extends PgTable> = keyof T["$inferSelect"] & string;

/** SQL for a column; a function where the column is computed from other columns of the row, and so does not add up. */
type Expression<C extends string> = string | ((of: (column: C) => string) => string);
export type Columns<C extends string = string> = Record<C, Expression<C>>;

type SqlOf<S> = Record<keyof S, string>;

/** A declared statistic as the functions that follow changes see it. */
export interface Declared {
  table: PgTable;
  needs: Record<string, Source>;
  columns: Columns;
  /** Its query over what `baked_next` holds of the sources, or over others in their place. */
  query(sources?: Record<string, string>): Query;
}

export interface Declaration<T extends PgTable, S extends Record<string, Source>> {
  needs: S;
  /** Every column of the table with its SQL. */
  columns: Columns<ColumnOf<T>>;
  /** What follows `from`. Sources are to be used under their own names. */
  from: (sources: SqlOf<S>) => string;
  /**
   * How an incremental run keeps the table up to date.
   * - "add": the same query over the changes gives what is to be added. A row whose numbers are all 0 is deleted.
   * - `{ anew: columns }`: the rows of changed groups are made again from what `baked` holds by then.
   * - a function, for what is neither.
   */
  follow: "add" | Anew<ColumnOf<T>, SqlOf<S>> | ((declared: Declared) => Steps);
  /** Groups by sorting: worth it where that order makes several indexes of a large table cheaper, or is half of the next sort. */
  isSorted?: true;
  /** Vacuumed before it is published: for index-only scans, which need a fresh visibility map. */
  isVacuumed?: true;
}

/** Declares a statistic. Its columns are bound by name: a missing or misspelt one is a type error. */
export function statistic<T extends PgTable, S extends Record<string, Source>>(
  table: T,
  { needs, columns, from, follow, ...options }: Declaration<T, S>,
): Statistic {
  const next = mapSources(needs, (source) => `baked_next.${source.name}`);
  const query = (sources: Record<string, string> = next): Query => ({
    columns: resolve(columns),
    from: from(sources as SqlOf<S>),
  });
  const declared: Declared = { table, needs, columns, query };
  const name = getTableName(table);
  const isAnew = typeof follow === "object";
  return {
    name,
    table,
    needs: Object.values(needs),
    query: query(),
    isSorted: options.isSorted ?? false,
    isVacuumed: options.isVacuumed ?? false,
    steps: follow === "add" ? add(declared) : isAnew ? makeAnew(declared, follow as Anew) : follow(declared),
    changes: isAnew ? `baked_next.changed_${name}` : `baked_next.${name}`,
    of: (by, groups) => `select ${name}.* from baked.${name} join ${groups} using (${by.join(", ")})`,
  };
}

/** SQL for each column, those included that are computed from others. */
export function resolve<C extends string>(columns: Columns<C>): Record<C, string> {
  const resolved = (column: C): string => {
    const sql = columns[column];
    return typeof sql === "string" ? sql : sql(resolved);
  };
  return each(Object.keys(columns) as C[], resolved);
}

/** Columns that are taken as they are. */
export const same = <C extends string>(...names: C[]): Record<C, string> => each(names, (name) => name);

/** Columns that are summed up under their own names. */
export const sums = <C extends string>(...names: C[]): Record<C, string> => each(names, (name) => `sum(${name})`);

const each = <C extends string>(names: C[], sql: (name: C) => string) =>
  Object.fromEntries(names.map((name) => [name, sql(name)])) as Record<C, string>;
