/** Publishes a finished full run: `baked_next` becomes `baked` at once. */
import { setTimeout as sleep } from "node:timers/promises";
import { isLockTimeout, type Sql } from "@potstats/db/connect";
import { giveGrants, readGrants } from "@potstats/db/privileges";
import { ConstantBackoff, handleWhen, retry } from "cockatiel";

/** How long an attempt may wait for a lock; later readers queue behind it. */
const lockTimeout_ms = 50;

/** Autovacuum yields to a lock waiter after `deadlock_timeout`, which is 1 s. */
const vacuumYields_ms = 2000;

/** A minute of attempts. */
const retries = retry(handleWhen(isLockTimeout), { maxAttempts: 600, backoff: new ConstantBackoff(100) });

/**
 * Executes statements in one transaction. @throws PostgreSQL's 55P03 if a lock is not available within the timeout
 */
async function execute(sql: Sql, timeout_ms: number, statements: string[]): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction.unsafe(`set local lock_timeout = ${timeout_ms}`);
    for (const statement of statements) await transaction.unsafe(statement);
  });
}

/**
 * Renames the schemas in one short transaction, which needs no lock that readers of the tables hold. The previous
 * schema is dropped once nobody reads it, by {@link dropOld} in a later run if necessary.
 * @throws Error if the schema stays locked for a minute
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
  if (await dropOld(sql)) return;
  // New readers no longer use the old tables, so waiting longer for their locks delays nobody.
  await sleep(1000);
  await dropOld(sql, vacuumYields_ms);
}

/** Drops previous schemas. @returns false if one of them is still in use */
export async function dropOld(sql: Sql, timeout_ms = lockTimeout_ms): Promise<boolean> {
  const schemas = await sql<{ name: string }[]>`
    select nspname as name from pg_namespace where nspname ~ '^baked_old_[0-9]+$'`;
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
