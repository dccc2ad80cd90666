/** Rows that statistics are made from: an input, or another statistic. */
export interface Source {
  /** Names its table or view. In a full run `baked_next` holds all of its rows, in an incremental run the changes. */
  readonly name: string;
  /** In an incremental run, a table of `baked_next` with at least one row for each group that changed. */
  readonly changes: string;
  /**
   * A query for the rows that `baked` holds of some groups.
   * @param by the columns that identify a group
   * @param groups a table with these columns and one row per group
   * @throws Error when the rows of such a group cannot be looked up
   */
  of(by: readonly string[], groups: string): string;
}

/** SQL for each source. */
export const mapSources = (needs: Record<string, Source>, sql: (source: Source) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(needs).map(([key, source]) => [key, sql(source)]));
