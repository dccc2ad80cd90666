/** The crawl's lock, which goes with the connection that holds it and has to be taken again after a restart of PostgreSQL. */
import type { Sql } from "@potstats/db/connect";
import { withLock } from "@potstats/db/locks";

export interface Lock {
  /** Takes the lock again. @throws AlreadyRunning when another crawl was faster */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** Takes the lock. @throws AlreadyRunning */
export async function takeLock(sql: Sql): Promise<Lock> {
  let held = await hold(sql);
  return {
    renew: async () => {
      await held.release();
      held = await hold(sql);
    },
    release: () => held.release(),
  };
}

async function hold(sql: Sql): Promise<{ release(): Promise<void> }> {
  const taken = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const holder = withLock(sql, "crawl", () => {
    taken.resolve();
    return over.promise;
  });
  holder.catch(taken.reject);
  await taken.promise;
  return {
    release: async () => {
      over.resolve();
      await holder;
    },
  };
}
