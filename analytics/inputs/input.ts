/**
 * Inputs of the statistics: rows with a sign. A full run adds all of them up. An incremental run takes off what changed
 * posts had added before, then adds what they add now. So both execute the same queries.
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
  /** Takes off, in `baked_next`, what changed posts had added; `baked` still holds their former rows. */
  readonly takeOff: string;
  /** Adds what they add now; `baked` holds their present rows. */
  readonly add: string;
}

interface Declaration {
  name: string;
  /** The first one holds the rows that it is made from. */
  needs: [PgTable, ...PgTable[]];
  /** @param from the table in that schema, or those of its rows that changed posts concern */
  rows: (sign: Sign, schema: Schema, from: string) => string;
  /** A query for the rows that changed posts concern, by default their own. */
  changed?: string;
  /** Kept as a table because several statistics read it, and its query is a costly one. */
  isTable?: true;
  of?: Source["of"];
}

export function input({ name, needs, rows, changed, isTable, of }: Declaration): Input {
  const [table] = needs.map(getTableName);
  const all = rows(1, "baked_next", `baked_next.${table}`);
  const concerned = (sign: Sign) =>
    rows(sign, "baked", `(${changed ?? `select * from baked.${table} where pid ${isChanged}`})`);
  return {
    name,
    needs: needs.map(getTableName),
    full: isTable
      ? `create unlogged table baked_next.${name} as ${all}; analyze baked_next.${name}`
      : `create view baked_next.${name} as ${all}`,
    isTable: isTable ?? false,
    takeOff: `create table baked_next.${name} as ${concerned(-1)}`,
    add: `insert into baked_next.${name} ${concerned(1)}`,
    changes: `baked_next.${name}`,
    of:
      of ??
      ((by) => {
        throw new Error(`no index finds the ${name} of a ${by.join(", ")}`);
      }),
  };
}
