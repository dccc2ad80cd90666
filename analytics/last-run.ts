/** The row that each run leaves behind: what it was, and where the next one goes on. */
import { analysis } from "@potstats/db/baked";
import type { Sql, Transaction } from "@potstats/db/connect";
import { drizzleOn } from "@potstats/db/drizzle";
import { newGeneration } from "@potstats/db/generation";
import type { Row } from "@potstats/db/row";
import type { Counts } from "./counts.ts";
import type { Run } from "./run.ts";
import { version } from "./definitions-digest.ts";

export type Analysis = Omit<Row<typeof analysis>, "counts"> & { counts: Counts };

/** The last run; undefined if there was none. */
export async function readAnalysis(sql: Sql): Promise<Analysis | undefined> {
  const [existing] = await sql`select 1 from pg_tables where schemaname = 'baked' and tablename = 'analysis'`;
  if (!existing) return undefined;
  const [row] = await drizzleOn(sql).select().from(analysis);
  return row as Analysis | undefined;
}

/** Replaces the row in a schema. @returns the new generation */
export async function writeAnalysis(
  transaction: Transaction,
  schema: "baked" | "baked_next",
  { timezone, forumUrl }: Run,
  { revision, started_at, counts }: Pick<Analysis, "revision" | "started_at" | "counts">,
): Promise<string> {
  const generation = newGeneration();
  const row = {
    singleton: 0,
    version,
    generation,
    timezone,
    forum_url: forumUrl,
    revision,
    started_at,
    finished_at: new Date(),
  } satisfies Omit<Analysis, "counts">;
  const target = transaction(`${schema}.analysis`);
  await transaction`delete from ${target}`;
  await transaction`insert into ${target} ${transaction({ ...row, counts: transaction.json(counts) })}`;
  return generation;
}
