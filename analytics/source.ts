/** Rows from which statistics are derived: an input, an intermediate table, or another statistic. */
export interface Source {
  /** The name of its table or view: in a full run `baked_next` has all of its rows, in an incremental run changes. */
  readonly name: string;
  /** In an incremental run, a table of `baked_next` with at least one row for each group that changed. */
  readonly changes: string;
  /** What it is derived from in turn, unless it is an input. */
  readonly needs?: readonly Source[];
  /**
   * A query for the source's rows in `baked` that belong to some groups.
   * @param by the columns that identify a group
   * @param groups a table with these columns and one row per group
   * @throws Error if no index finds the rows of such a group
   */
  lookUp(by: readonly string[], groups: string): string;
}

/** SQL for each source. */
export const mapSources = (needs: Record<string, Source>, sql: (source: Source) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(needs).map(([key, source]) => [key, sql(source)]));
