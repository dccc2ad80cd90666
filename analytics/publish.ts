/** Publishes a finished full run: `baked_next` becomes `baked` at once. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "@potstats/db/connect";
import { giveGrants, readGrants } from "@potstats/db/privileges";
import { ConstantBackoff, handleWhen, retry } from "cockatiel";

/** How long an attempt may wait for a lock, and so keep readers waiting who come after it. */
const lockTimeout_ms = 50;

/** Autovacuum gives way to a lock waiter after `deadlock_timeout`, which is 1 s. */
const vacuumGivesWay_ms = 2000;

/** PostgreSQL's `lock_not_available`: the lock timeout has passed. */
const isLockTimeout = (error: unknown) => error instanceof Error && "code" in error && error.code === "55P03";

const retries = retry(handleWhen(isLockTimeout), { maxAttempts: 600, backoff: new ConstantBackoff(100) });

/**
 * Executes statements in one transaction. @throws PostgreSQL's 55P03 when a lock is not available within the timeout
 */
async function execute(sql: Sql, timeout_ms: number, statements: string[]): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction.unsafe(`set local lock_timeout = ${timeout_ms}`);
    for (const statement of statements) await transaction.unsafe(statement);
  });
}

/**
 * Renames the schemas in one short transaction, which takes no lock that a reader of the tables holds. The previous
 * schema is dropped when nobody reads it any more, if need be by a later run.
 * @throws Error when something keeps the schema locked for a minute
 */
export async function publish(sql: Sql): Promise<void> {
  await giveGrants(sql, "baked_next", await readGrants(sql, "baked"));
  const [existing] = await sql`select 1 from pg_namespace where nspname = 'baked'`;
  const renames = [
    ...(existing ? [`alter schema baked rename to "baked_old_${Date.now()}"`] : []),
    "alter schema baked_next rename to baked",
  ];
  try {
    await retries.execute(() => execute(sql, lockTimeout_ms, renames));
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new Error("the results could not be published: the schema baked is locked", { cause: error });
  }
  if (await dropOld(sql, lockTimeout_ms)) return;
  // By now no reader asks for the old tables, so waiting longer disturbs nobody.
  await sleep(1000);
  await dropOld(sql, vacuumGivesWay_ms);
}

/** Drops previous schemas. @returns false when one of them is in use */
async function dropOld(sql: Sql, timeout_ms: number): Promise<boolean> {
  const schemas = await sql<{ name: string }[]>`
    select nspname as name from pg_namespace where nspname like 'baked\\_old%'`;
  let dropped = true;
  for (const { name } of schemas) {
    try {
      await execute(sql, timeout_ms, [`drop schema "${name}" cascade`]);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      dropped = false;
    }
  }
  return dropped;
}
