/** The data generation: one string that is another one after every commit of the analytics or of the index. */
import type { Sql } from "./connect.ts";

/** "-" stands for what has not run yet, or was dropped. Part of every cache key. */
export async function readGeneration(sql: Sql): Promise<string> {
  const [row] = await sql<{ generation: string }[]>`
    select coalesce((select generation from baked.analysis), '-') || '.' ||
           coalesce((select string_agg(generation, '.' order by engine) from search.state), '-') as generation`;
  return row?.generation ?? "-";
}

/** A new token for a generation: later ones never equal earlier ones. */
export const newGeneration = (): string => `${Date.now().toString(36)}${crypto.randomUUID().slice(0, 8)}`;
