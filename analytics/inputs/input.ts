/**
 * Inputs of the statistics: rows with a sign, +1 or −1. A full run adds up all rows. An incremental run adds up only
 * what changed posts had contributed, with −1, and what they contribute now, with +1. Both execute the same queries.
 */
import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Source } from "../source.ts";

type Sign = 1 | -1;
type Schema = "baked" | "baked_next";

/** The condition on `pid` that the post changed. */
export const isChanged = "in (select pid from baked_next.changed_posts)";

export interface Input extends Source {
  /** The names of the tables from which it is derived. */
  readonly tables: readonly string[];
  /** Creates it in `baked_next` with all rows, in a full run. */
  readonly full: string;
  /** Whether `full` creates a table, not a view. */
  readonly isTable: boolean;
  /** Creates it in `baked_next` with what changed posts had contributed: `baked` still has their old rows. */
  readonly subtract: string;
  /** A query for all rows, in an incremental run once `baked` is up to date. */
  readonly current: string;
  /** Inserts what they contribute now: `baked` has their new rows. */
  readonly add: string;
}

interface Declaration {
  name: string;
  /** The first one has one row per row of the input. */
  tables: [PgTable, ...PgTable[]];
  /** @param from the first table in that schema, or only the rows that changed posts affect */
  rows: (sign: Sign, schema: Schema, from: string) => string;
  /** A query for the rows of the first table that changed posts affect. By default, the rows of these posts. */
  changed?: string;
  /** A table instead of a view: worth it if several statistics read it and its query is expensive. */
  isTable?: true;
  lookUp?: Source["lookUp"];
}

export function input({ name, tables, rows, changed, isTable, lookUp }: Declaration): Input {
  const [table] = tables.map(getTableName);
  const all = rows(1, "baked_next", `baked_next.${table}`);
  const affected = (sign: Sign) =>
    rows(sign, "baked", `(${changed ?? `select * from baked.${table} where pid ${isChanged}`})`);
  return {
    name,
    tables: tables.map(getTableName),
    full: isTable
      ? `create unlogged table baked_next.${name} as ${all}; analyze baked_next.${name}`
      : `create view baked_next.${name} as ${all}`,
    isTable: isTable ?? false,
    subtract: `create table baked_next.${name} as ${affected(-1)}`,
    current: rows(1, "baked", `baked.${table}`),
    add: `insert into baked_next.${name} ${affected(1)}`,
    changes: `baked_next.${name}`,
    lookUp:
      lookUp ??
      ((by) => {
        throw new Error(`no index finds the ${name} of a ${by.join(", ")}`);
      }),
  };
}
