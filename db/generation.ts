/** The data generation: a string that changes with every commit of the analytics or of the search index. */
import type { Sql } from "./connect.ts";

/** Reads the generation, which is part of every cache key. "-" means not run yet, or dropped. */
export async function readGeneration(sql: Sql): Promise<string> {
  const [row] = await sql<{ generation: string }[]>`
    select coalesce((select generation from baked.analysis), '-') || '.' ||
           coalesce((select string_agg(generation, '.' order by engine) from search.state), '-') as generation`;
  return row?.generation ?? "-";
}

/** A new generation token, different from all earlier ones. */
export const newGeneration = (): string => `${Date.now().toString(36)}${crypto.randomUUID().slice(0, 8)}`;
