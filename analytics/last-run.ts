/** The row that each run leaves behind: what it did, and where the next run resumes. */
import { analysis } from "@potstats/db/baked";
import type { Sql, Transaction } from "@potstats/db/connect";
import { drizzleOn } from "@potstats/db/drizzle";
import { newGeneration } from "@potstats/db/generation";
import type { Row } from "@potstats/db/row";
import type { Counts } from "./counts.ts";
import type { Run } from "./run.ts";
import { definitionsDigest } from "./definitions-digest.ts";

export type LastRun = Omit<Row<typeof analysis>, "counts"> & { counts: Counts };

/** The last run; undefined if there was none. */
export async function readLastRun(sql: Sql): Promise<LastRun | undefined> {
  const [existing] = await sql`select 1 from pg_tables where schemaname = 'baked' and tablename = 'analysis'`;
  if (!existing) return undefined;
  const [row] = await drizzleOn(sql).select().from(analysis);
  return row as LastRun | undefined;
}

/** Replaces the row in one of the schemas. @returns the new generation */
export async function writeLastRun(
  transaction: Transaction,
  schema: "baked" | "baked_next",
  { timezone, forumUrl }: Run,
  { revision, started_at, counts }: Pick<LastRun, "revision" | "started_at" | "counts">,
): Promise<string> {
  const generation = newGeneration();
  const row = {
    singleton: 0,
    version: definitionsDigest,
    generation,
    timezone,
    forum_url: forumUrl,
    revision,
    started_at,
    finished_at: new Date(),
  } satisfies Omit<LastRun, "counts">;
  const target = transaction(`${schema}.analysis`);
  await transaction`delete from ${target}`;
  await transaction`insert into ${target} ${transaction({ ...row, counts: transaction.json(counts) })}`;
  return generation;
}
