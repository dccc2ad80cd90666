/** The crawl's lock. It belongs to a connection, so a restart of PostgreSQL releases it. */
import type { Sql } from "@potstats/db/connect";
import { withLock } from "@potstats/db/locks";

export interface Lock {
  /**
   * Returns when the lock is held, taking it again if it was lost.
   * @throws AlreadyRunning if another crawl has taken it
   */
  ensure(): Promise<void>;
  release(): Promise<void>;
}

/** Takes the lock. @throws AlreadyRunning */
export async function takeLock(sql: Sql): Promise<Lock> {
  let held = await acquire(sql);
  let renewal: Promise<void> | null = null;
  const renew = async () => {
    await held.release();
    held = await acquire(sql);
  };
  return {
    ensure: async () => {
      if (held.lost.aborted)
        await (renewal ??= renew().finally(() => {
          renewal = null;
        }));
    },
    release: () => held.release(),
  };
}

async function acquire(sql: Sql): Promise<{ lost: AbortSignal; release(): Promise<void> }> {
  const acquired = Promise.withResolvers<AbortSignal>();
  const released = Promise.withResolvers<void>();
  const holder = withLock(sql, "crawl", (lost) => {
    acquired.resolve(lost);
    return released.promise;
  });
  holder.catch(acquired.reject);
  const lost = await acquired.promise;
  return {
    lost,
    release: async () => {
      released.resolve();
      await holder;
    },
  };
}
