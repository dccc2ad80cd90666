/**
 * How a statistic is declared: what its table holds, from which sources that is derived, and how an incremental run
 * maintains it. docs/architecture.md explains full and incremental runs.
 */
import type { Query } from "@potstats/db/baked-ddl";
import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { add, type Recompute, recompute } from "./maintain.ts";
import { mapSources, type Source } from "./source.ts";
import type { Steps } from "./steps.ts";

export interface Statistic extends Source {
  readonly table: PgTable;
  readonly needs: readonly Source[];
  /** The query of a full run. */
  readonly query: Query;
  readonly steps: Steps;
  readonly groupBySorting: boolean;
  readonly vacuum: boolean;
  readonly startEarly: boolean;
}

export type ColumnOf<T extends PgTable> = keyof T["$inferSelect"] & string;

/** SQL for a column, or a function of other columns of the row if the column is computed and so does not add up. */
type Expression<C extends string> = string | ((valueOf: (column: C) => string) => string);
export type Columns<C extends string = string> = Record<C, Expression<C>>;

type SqlOf<S> = Record<keyof S, string>;

/** A declaration as `maintain` receives it. */
export interface Declared {
  table: PgTable;
  needs: Record<string, Source>;
  columns: Columns;
  /** The statistic's query, over `baked_next` or over the SQL given for each source. */
  query(sources?: Record<string, string>): Query;
}

export interface Declaration<T extends PgTable, S extends Record<string, Source>> {
  /** The sources of the statistic, by the names that `from` uses. */
  needs: S;
  /** SQL for every column of the table. */
  columns: Columns<ColumnOf<T>>;
  /**
   * What follows `from`. A source is a table or, where an incremental run recomputes, a subquery. Either way its
   * columns may be qualified by its name, and it must not get another alias.
   */
  from: (sources: SqlOf<S>) => string;
  /**
   * How an incremental run maintains the table.
   * - "add": the result of the query over the changes is added. Rows whose numbers are all 0 are deleted.
   * - `{ recompute: columns }`: changed groups, which these columns identify, are recomputed from `baked`.
   * - a function, where neither fits.
   */
  maintain: "add" | Recompute<ColumnOf<T>, SqlOf<S>> | ((declared: Declared) => Steps);
  /** Group by sorting: worth it if the order makes several indexes of a large table cheaper, or saves a later sort. */
  groupBySorting?: true;
  /** Vacuum the table before publishing it: index-only scans need an up-to-date visibility map. */
  vacuum?: true;
  /** Start it before others that are ready: it is slow, and a full run should not end waiting for it alone. */
  startEarly?: true;
}

/** Declares a statistic. A missing or misspelled column is a type error. */
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
    groupBySorting: options.groupBySorting ?? false,
    vacuum: options.vacuum ?? false,
    startEarly: options.startEarly ?? false,
    steps: stepsFor(declared, maintain as Declaration<PgTable, Record<string, Source>>["maintain"]),
    changes: typeof maintain === "object" ? `baked_next.changed_${name}` : `baked_next.${name}`,
    lookUp: (by, groups) => `select ${name}.* from baked.${name} join ${groups} using (${by.join(", ")})`,
  };
}

function stepsFor(declared: Declared, maintain: Declaration<PgTable, Record<string, Source>>["maintain"]): Steps {
  if (maintain === "add") return add(declared);
  return typeof maintain === "function" ? maintain(declared) : recompute(declared, maintain);
}

/** SQL for each column. Computed columns get the SQL of the columns they are computed from. */
export function resolve<C extends string>(columns: Columns<C>): Record<C, string> {
  const resolved = (column: C): string => {
    const sql = columns[column];
    return typeof sql === "string" ? sql : sql(resolved);
  };
  return each(Object.keys(columns) as C[], resolved);
}

/** Columns of the sources, unchanged. */
export const same = <C extends string>(...names: C[]): Record<C, string> => each(names, (name) => name);

/** Columns of the sources, summed up. */
export const sums = <C extends string>(...names: C[]): Record<C, string> => each(names, (name) => `sum(${name})`);

const each = <C extends string>(names: C[], sql: (name: C) => string) =>
  Object.fromEntries(names.map((name) => [name, sql(name)])) as Record<C, string>;
