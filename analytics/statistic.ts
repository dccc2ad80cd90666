/**
 * How a statistic is declared: one value says what its table holds, what that is made from, and how an incremental run
 * keeps it up to date. docs/architecture.md explains both kinds of runs.
 */
import type { Query } from "@potstats/db/baked-ddl";
import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { add, type Recompute, recompute } from "./maintain.ts";
import { mapSources, type Source } from "./source.ts";

/** What an incremental run executes for one statistic. */
export interface Steps {
  /** Come first, for all statistics: they put what changed posts add into `baked_next`, and leave `baked` alone. */
  changes: string[];
  /** Executed once everything that the statistic needs is up to date in `baked`. */
  prepare: string[];
  /** Bring the statistic's own table in `baked` up to date. The rows that they write and delete are reported. */
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
  readonly isSlow: boolean;
}

export type ColumnOf<T extends PgTable> = keyof T["$inferSelect"] & string;

/** SQL for a column, or a function if it is computed from other columns of the row and so does not add up. */
type Expression<C extends string> = string | ((of: (column: C) => string) => string);
export type Columns<C extends string = string> = Record<C, Expression<C>>;

type SqlOf<S> = Record<keyof S, string>;

/** What a function that maintains the table knows of the statistic. */
export interface Declared {
  table: PgTable;
  needs: Record<string, Source>;
  columns: Columns;
  /** The statistic's query, over `baked_next` or over the SQL given for each source. */
  query(sources?: Record<string, string>): Query;
}

export interface Declaration<T extends PgTable, S extends Record<string, Source>> {
  /** What the statistic is made from, by the names that `from` uses. */
  needs: S;
  /** SQL for every column of the table. */
  columns: Columns<ColumnOf<T>>;
  /**
   * What follows `from`. A source is a table, or a subquery in an incremental run that recomputes. Either way its
   * columns may be qualified by its name, and it must not get another alias.
   */
  from: (sources: SqlOf<S>) => string;
  /**
   * How an incremental run keeps the table up to date.
   * - "add": the query over the changes gives what is to be added. Rows are deleted when all of their numbers are 0.
   * - `{ recompute: columns }`: the rows of changed groups are computed again from `baked`.
   * - a function, where neither fits.
   */
  maintain: "add" | Recompute<ColumnOf<T>, SqlOf<S>> | ((declared: Declared) => Steps);
  /** Group by sorting. Worth it if the order makes several indexes of a large table cheaper, or spares a later sort. */
  isSorted?: true;
  /** Vacuum the table before it is published, for index-only scans: they need a fresh visibility map. */
  isVacuumed?: true;
  /** Start it before others that are ready, so that a full run does not end with waiting for it alone. */
  isSlow?: true;
}

/** Declares a statistic. Its columns are bound by name: a missing or misspelled one is a type error. */
export function statistic<T extends PgTable, S extends Record<string, Source>>(
  table: T,
  { needs, columns, from, maintain, ...options }: Declaration<T, S>,
): Statistic {
  const next = mapSources(needs, (source) => `baked_next.${source.name}`);
  const query = (sources: Record<string, string> = next): Query => ({
    columns: resolve(columns),
    from: from(sources as SqlOf<S>),
  });
  const declared: Declared = { table, needs, columns, query };
  const name = getTableName(table);
  return {
    name,
    table,
    needs: Object.values(needs),
    query: query(),
    isSorted: options.isSorted ?? false,
    isVacuumed: options.isVacuumed ?? false,
    isSlow: options.isSlow ?? false,
    steps: stepsFor(declared, maintain as Declaration<PgTable, Record<string, Source>>["maintain"]),
    changes: typeof maintain === "object" ? `baked_next.changed_${name}` : `baked_next.${name}`,
    of: (by, groups) => `select ${name}.* from baked.${name} join ${groups} using (${by.join(", ")})`,
  };
}

function stepsFor(declared: Declared, maintain: Declaration<PgTable, Record<string, Source>>["maintain"]): Steps {
  if (maintain === "add") return add(declared);
  return typeof maintain === "function" ? maintain(declared) : recompute(declared, maintain);
}

/** SQL for each column, including those that are computed from others. */
export function resolve<C extends string>(columns: Columns<C>): Record<C, string> {
  const resolved = (column: C): string => {
    const sql = columns[column];
    return typeof sql === "string" ? sql : sql(resolved);
  };
  return each(Object.keys(columns) as C[], resolved);
}

/** Columns of the sources, taken as they are. */
export const same = <C extends string>(...names: C[]): Record<C, string> => each(names, (name) => name);

/** Columns of the sources, summed up. */
export const sums = <C extends string>(...names: C[]): Record<C, string> => each(names, (name) => `sum(${name})`);

const each = <C extends string>(names: C[], sql: (name: C) => string) =>
  Object.fromEntries(names.map((name) => [name, sql(name)])) as Record<C, string>;
