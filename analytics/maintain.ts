/** The two usual ways in which an incremental run maintains a statistic: `add` and `recompute`. */
import { analyzeTable, createTableAs, type Query } from "@potstats/db/baked-ddl";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { mapSources } from "./source.ts";
import { type Columns, type Declared } from "./statistic.ts";
import { ifAny, type Steps } from "./steps.ts";

/** The key of a table and its other columns, by name. */
export function columnsOf(table: PgTable): { name: string; keys: string[]; values: string[] } {
  const { name, columns, primaryKeys } = getTableConfig(table);
  const keys = primaryKeys.flatMap((key) => key.columns.map((column) => column.name));
  return { name, keys, values: columns.map((column) => column.name).filter((column) => !keys.includes(column)) };
}

/** Statements that create the statistic's table in `baked_next` from a query. */
export const createNext = (table: PgTable, query: Query): string[] => [
  createTableAs(table, "baked_next", query),
  analyzeTable(table, "baked_next"),
];

/** Runs the statistic's query over the changes and adds the result. @throws Error if a source is itself recomputed */
export function add({ table, needs, columns, query }: Declared): Steps {
  const recomputed = Object.values(needs).find((source) => source.changes !== `baked_next.${source.name}`);
  if (recomputed) throw new Error(`${columnsOf(table).name} cannot add up what is recomputed: ${recomputed.name}`);
  return { changes: createNext(table, query()), prepare: [], apply: merge(table, columns) };
}

/** Adds the changes in `baked_next` to the table in `baked`, then deletes rows whose numbers are all 0. */
export function merge(table: PgTable, columns: Columns): string[] {
  const { name, keys, values } = columnsOf(table);
  const summed = values.filter((column) => typeof columns[column] === "string");
  /** SQL for a column where other columns have the values `valueOf`. */
  const computed = (column: string, valueOf: (column: string) => string) => {
    const expression = columns[column];
    return typeof expression === "function" ? expression(valueOf) : valueOf(column);
  };
  const inserted = (column: string) => `sum(${column})`;
  const updated = (column: string) => `t.${column} + excluded.${column}`;
  return [
    `insert into baked.${name} as t (${[...keys, ...values].join(", ")})
    select ${[...keys, ...values.map((column) => computed(column, inserted))].join(", ")}
    from baked_next.${name}
    group by ${keys.join(", ")}
    having ${summed.map((column) => `sum(${column}) <> 0`).join(" or ")}
    on conflict (${keys.join(", ")}) do update set
      ${values.map((column) => `${column} = ${computed(column, updated)}`).join(", ")}`,
    `delete from baked.${name} t using baked_next.${name} delta
    where ${matches("t", "delta", keys)} and ${summed.map((column) => `t.${column} = 0`).join(" and ")}`,
  ];
}

export interface Recompute<C extends string = string, Sources = Record<string, string>> {
  /** The columns that identify a group of rows. */
  recompute: C | readonly C[];
  /** A query over the sources' changes for the groups to recompute. By default, these are all groups with changes. */
  changed?: (changes: Sources) => string;
}

/** Recomputes changed groups, then writes only the rows that differ. */
export function recompute({ table, needs, query }: Declared, { recompute: columns, changed }: Recompute): Steps {
  const { name } = columnsOf(table);
  const by = typeof columns === "string" ? [columns] : columns;
  const groups = groupsOf(name);
  const anyChange = Object.values(needs).map((source) => `select distinct ${by.join(", ")} from ${source.changes}`);
  const changedGroups = changed?.(mapSources(needs, (source) => source.changes)) ?? anyChange.join(" union ");
  const current = mapSources(needs, (source) => `(${source.lookUp(by, groups)}) ${source.name}`);
  return {
    changes: [],
    prepare: [
      `create table ${groups} as ${changedGroups}`,
      `analyze ${groups}`,
      ...ifAny([groups], createNext(table, query(current))),
    ],
    apply: ifAny([groups], replaceGroups(table, by)),
  };
}

/** The table of changed groups. */
const groupsOf = (name: string) => `baked_next.changed_${name}`;

/** Replaces the changed groups in `baked` by those in `baked_next`, writing only the rows that differ. */
export function replaceGroups(table: PgTable, by: readonly string[]): string[] {
  const { name, keys } = columnsOf(table);
  return [
    `delete from baked.${name} t using ${groupsOf(name)} changed
    where ${matches("t", "changed", by)}
      and not exists (select from baked_next.${name} n where ${matches("n", "t", keys)})`,
    upsert(table),
  ];
}

/** Makes the table equal to `baked_next`, writing only the rows that differ. */
export function replaceAll(table: PgTable): string[] {
  const { name, keys } = columnsOf(table);
  return [
    `delete from baked.${name} t where not exists (select from baked_next.${name} n where ${matches("n", "t", keys)})`,
    upsert(table),
  ];
}

/** Inserts or updates the rows in `baked_next`, except those that are already the same. */
function upsert(table: PgTable): string {
  const { name, keys, values } = columnsOf(table);
  const update = values.map((column) => `${column} = excluded.${column}`).join(", ");
  const row = (alias: string) => `(${values.map((column) => `${alias}.${column}`).join(", ")})`;
  return `insert into baked.${name} as t (${[...keys, ...values].join(", ")})
      select ${[...keys, ...values].join(", ")} from baked_next.${name}
      on conflict (${keys.join(", ")}) do ${
        values.length > 0 ? `update set ${update} where ${row("t")} is distinct from ${row("excluded")}` : "nothing"
      }`;
}

const matches = (left: string, right: string, columns: readonly string[]) =>
  columns.map((column) => `${left}.${column} = ${right}.${column}`).join(" and ");
