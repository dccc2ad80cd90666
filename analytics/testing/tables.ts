import type { Sql } from "@potstats/db/connect";

export type Row = Record<string, unknown>;

/** The rows of every derived table except `analysis`. */
export async function readBaked(sql: Sql): Promise<Record<string, Row[]>> {
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'baked' and tablename <> 'analysis'`;
  const baked: Record<string, Row[]> = {};
  for (const { name } of tables) baked[name] = [...(await sql`select * from baked.${sql(name)}`)];
  return baked;
}

/**
 * Rows as sorted lines with sorted columns, so that tables can be compared and differences can be read. Without
 * `posts_revision`, which an incremental run knows more exactly than a full run.
 */
export function lines(rows: Row[]): string[] {
  return rows
    .map(({ posts_revision: _revision, ...row }) =>
      JSON.stringify(Object.fromEntries(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)))),
    )
    .toSorted();
}
