/**
 * Inputs of the statistics: rows with a sign. A full run adds all of them up. An incremental run takes off what changed
 * posts had added and adds what they add now. So both execute the same queries.
 */
import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Source } from "../source.ts";

type Sign = 1 | -1;
type Schema = "baked" | "baked_next";

/** The condition on `pid` that the post has changed. */
export const isChanged = "in (select pid from baked_next.changed_posts)";

export interface Input extends Source {
  /** The names of the tables that it is made from. */
  readonly needs: readonly string[];
  /** Makes all of its rows in `baked_next`, in a full run. */
  readonly full: string;
  /** Whether `full` makes a table, not a view. */
  readonly isTable: boolean;
  /** Makes it in `baked_next` of what changed posts had added, to be taken off. `baked` still holds their old rows. */
  readonly takeOff: string;
  /** Inserts what they add now. `baked` holds their new rows. */
  readonly add: string;
}

interface Declaration {
  name: string;
  /** The first table holds a row per row of the input. */
  needs: [PgTable, ...PgTable[]];
  /** @param from the first table in that schema, or those of its rows that changed posts affect */
  rows: (sign: Sign, schema: Schema, from: string) => string;
  /** A query for the rows of the first table that changed posts affect. By default, these are the posts' own. */
  changed?: string;
  /** A table instead of a view: worth it where several statistics read it and its query is expensive. */
  isTable?: true;
  of?: Source["of"];
}

export function input({ name, needs, rows, changed, isTable, of }: Declaration): Input {
  const [table] = needs.map(getTableName);
  const all = rows(1, "baked_next", `baked_next.${table}`);
  const affected = (sign: Sign) =>
    rows(sign, "baked", `(${changed ?? `select * from baked.${table} where pid ${isChanged}`})`);
  return {
    name,
    needs: needs.map(getTableName),
    full: isTable
      ? `create unlogged table baked_next.${name} as ${all}; analyze baked_next.${name}`
      : `create view baked_next.${name} as ${all}`,
    isTable: isTable ?? false,
    takeOff: `create table baked_next.${name} as ${affected(-1)}`,
    add: `insert into baked_next.${name} ${affected(1)}`,
    changes: `baked_next.${name}`,
    of:
      of ??
      ((by) => {
        throw new Error(`no index finds the ${name} of a ${by.join(", ")}`);
      }),
  };
}
