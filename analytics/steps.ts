/** What an incremental run executes for a statistic. */

/** A statement, or one that is only executed if each of some tables has rows. */
export type Statement = string | { ifAny: readonly string[]; statement: string };

/** Statements that are only executed if each of the tables has rows: most are empty in most runs. */
export const ifAny = (tables: readonly string[], statements: readonly string[]): Statement[] =>
  statements.map((statement) => ({ ifAny: tables, statement }));

/** What an incremental run executes for one statistic. */
export interface Steps {
  /** Executed first, for all statistics: write what changed posts contribute into `baked_next`, not into `baked`. */
  changes: string[];
  /** Executed once every source of the statistic is up to date in `baked`. */
  prepare: Statement[];
  /** Update the statistic's own table in `baked`. The rows that they write and delete are reported. */
  apply: Statement[];
}
