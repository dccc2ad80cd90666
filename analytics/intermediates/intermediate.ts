/**
 * Intermediate tables: what several statistics would otherwise derive separately, each from all posts. They exist only
 * during a run.
 */
import type { Source } from "../source.ts";
import { regroupedThreads } from "./changed-threads.ts";

export interface Intermediate extends Source {
  readonly needs: readonly Source[];
  /** Creates it in `baked_next`, in a full run. */
  readonly full: string;
  /**
   * Creates it in `baked_next` for changed groups, in an incremental run, once the inputs are complete. Empty if its
   * rows are looked up when they are needed.
   */
  readonly incremental: readonly string[];
}

const create = (name: string, keys: string, query: string, kind = "") => [
  `create ${kind} table baked_next.${name} as ${query}`,
  `analyze baked_next.${name} (${keys})`,
];

/**
 * The statements of a full run that create the table. Nothing of it outlives the run, so it is not logged.
 * @param keys the columns by which others join it
 */
export const createUnlogged = (name: string, keys: string, query: string): string =>
  create(name, keys, query, "unlogged").join("; ");

interface PerThread {
  name: string;
  needs: readonly Source[];
  /** The query of a full run. */
  all: string;
  /** A query for all rows of the changed threads, in an incremental run. `baked` has those of the last run. */
  changed: string;
  /** Queries for the rows that belong to groups of other kinds, by the column that identifies a group. */
  lookUps?: Record<string, (groups: string) => string>;
}

/** Rows about threads. In an incremental run the table has all rows of every changed thread. */
export function perThread({ name, needs, all, changed, lookUps = {} }: PerThread): Intermediate {
  return {
    name,
    needs,
    full: createUnlogged(name, "tid", all),
    incremental: create(name, "tid", changed),
    changes: regroupedThreads,
    lookUp: ([column = "", ...others], groups) => {
      if (others.length === 0 && column === "tid")
        return `select ${name}.* from baked_next.${name} join ${groups} using (tid)`;
      const lookUp = lookUps[column];
      if (lookUp === undefined || others.length > 0)
        throw new Error(`no index finds the ${name} of a ${[column, ...others].join(" and ")}`);
      return lookUp(groups);
    },
  };
}
