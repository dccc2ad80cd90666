/** Makes a finished run visible at once: `baked_next` becomes `baked`. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Sql } from "@potstats/db/connect";

/** Milliseconds that a reader may have to wait for us at most. */
const lockTimeout_ms = 50;
const attempts = 600;

/** PostgreSQL's code for a lock that was not to be had in time. */
const lockNotAvailable = "55P03";

async function retrying(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== lockNotAvailable || attempt === attempts) throw error;
      await sleep(100);
    }
  }
}

/**
 * Renames the schemas in one short transaction; renaming a schema takes no lock that a reader of its tables holds. What
 * was published before is dropped afterwards, when nobody reads it any more.
 */
export async function publish(sql: Sql): Promise<void> {
  await dropOld(sql);
  await retrying(() =>
    sql.begin(async (transaction) => {
      await transaction.unsafe(`set local lock_timeout = ${lockTimeout_ms}`);
      const [old] = await transaction`select 1 from pg_namespace where nspname = 'baked'`;
      if (old) await transaction.unsafe("alter schema baked rename to baked_old");
      await transaction.unsafe("alter schema baked_next rename to baked");
    }),
  );
  await dropOld(sql);
}

const dropOld = (sql: Sql) =>
  retrying(() =>
    sql.begin(async (transaction) => {
      await transaction.unsafe(`set local lock_timeout = ${lockTimeout_ms}`);
      await transaction.unsafe("drop schema if exists baked_old cascade");
    }),
  );
