/** One writer of each kind at a time, over all processes and machines: PostgreSQL's advisory locks. */
import type { Sql } from "./connect.ts";

/** First half of every lock's key ("pots"), so that locks of other software in the same database don't meet ours. */
const family = 0x706f7473;
const numbers = { migrate: 1, crawl: 2, analyze: 3, index: 4, template: 5 } as const;
export type LockName = keyof typeof numbers;

/** Another process holds the lock. Commands exit with 3. */
export class AlreadyRunning extends Error {
  override name = "AlreadyRunning";
  readonly exitCode = 3;
  constructor(lock: LockName) {
    super(`another ${lock} is running on this database; wait for it to end, or stop it`);
  }
}

/**
 * Does `work` while holding the lock, on a connection of its own; the lock ends with the connection, so a killed
 * process leaves none behind.
 * @param options.wait wait for the lock instead of giving up
 * @throws AlreadyRunning when another process holds it and `wait` is not set
 */
export async function withLock<T>(
  sql: Sql,
  lock: LockName,
  work: () => Promise<T>,
  options: { wait?: boolean } = {},
): Promise<T> {
  const connection = await sql.reserve();
  try {
    if (options.wait) await connection`select pg_advisory_lock(${family}::int, ${numbers[lock]}::int)`;
    else {
      const [row] = await connection<{ held: boolean }[]>`
        select pg_try_advisory_lock(${family}::int, ${numbers[lock]}::int) as held`;
      if (!row?.held) throw new AlreadyRunning(lock);
    }
    try {
      return await work();
    } finally {
      // A lost connection has lost the lock with it.
      await connection`select pg_advisory_unlock(${family}::int, ${numbers[lock]}::int)`.catch(() => {});
    }
  } finally {
    connection.release();
  }
}
