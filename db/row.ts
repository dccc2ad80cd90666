import type { PgTable } from "drizzle-orm/pg-core";

/**
 * The columns of a table that a query reads, typed as drizzle types them: a renamed or misspelled column is a type error
 * in every query that names it.
 *
 * @example sql<Row<typeof baked.dailyStats, "day" | "post_count">[]>`select day, post_count from baked.daily_stats`
 */
export type Row<T extends PgTable, K extends keyof T["$inferSelect"] = keyof T["$inferSelect"]> = Pick<
  T["$inferSelect"],
  K
>;
