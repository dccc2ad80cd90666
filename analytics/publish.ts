/** Makes a finished run visible at once: `baked_next` becomes `baked`. */
import { setTimeout as sleep } from "node:timers/promises";
import { lockNotAvailable, type Sql } from "@potstats/db/connect";
import { giveGrants, readGrants } from "@potstats/db/privileges";

/** Milliseconds that a reader may have to wait for us at most. */
const readersWait_ms = 50;
const attempts = 600;

/** Executes statements in one transaction that gives up when a lock takes longer. @returns whether it came through */
async function inTime(sql: Sql, lockTimeout_ms: number, statements: string[]): Promise<boolean> {
  try {
    await sql.begin(async (transaction) => {
      await transaction.unsafe(`set local lock_timeout = ${lockTimeout_ms}`);
      for (const statement of statements) await transaction.unsafe(statement);
    });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === lockNotAvailable) return false;
    throw error;
  }
}

/**
 * Renames the schemas in one short transaction; renaming a schema takes no lock that a reader of its tables holds. What
 * was published before is dropped when nobody reads it any more, by a later run if need be.
 */
export async function publish(sql: Sql): Promise<void> {
  await giveGrants(sql, "baked_next", await readGrants(sql, "baked"));
  const [old] = await sql`select 1 from pg_namespace where nspname = 'baked'`;
  const renames = [
    ...(old ? [`alter schema baked rename to "baked_old_${Date.now()}"`] : []),
    "alter schema baked_next rename to baked",
  ];
  for (let attempt = 1; !(await inTime(sql, readersWait_ms, renames)); attempt++) {
    if (attempt === attempts) throw new Error("the results could not be published: the schema baked is locked");
    await sleep(100);
  }
  if (await dropOld(sql, readersWait_ms)) return;
  // PostgreSQL stops its own vacuuming for one who waits longer than a second. By now no reader asks for the old tables.
  await sleep(1000);
  await dropOld(sql, 2000);
}

async function dropOld(sql: Sql, lockTimeout_ms: number): Promise<boolean> {
  const schemas = await sql<
    { name: string }[]
  >`select nspname as name from pg_namespace where nspname like 'baked\\_old%'`;
  let dropped = true;
  for (const { name } of schemas)
    dropped = (await inTime(sql, lockTimeout_ms, [`drop schema "${name}" cascade`])) && dropped;
  return dropped;
}
