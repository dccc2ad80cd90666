/** The crawl's lock, which goes with the connection that holds it and has to be taken again after a restart of PostgreSQL. */
import type { Sql } from "@potstats/db/connect";
import { withLock } from "@potstats/db/locks";

export interface Lock {
  /** Returns when the lock is held, taking it again where it was lost. @throws AlreadyRunning when another crawl was faster */
  ensure(): Promise<void>;
  release(): Promise<void>;
}

/** Takes the lock. @throws AlreadyRunning */
export async function takeLock(sql: Sql): Promise<Lock> {
  let held = await hold(sql);
  let renewal: Promise<void> | null = null;
  const renew = async () => {
    await held.release();
    held = await hold(sql);
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

async function hold(sql: Sql): Promise<{ lost: AbortSignal; release(): Promise<void> }> {
  const taken = Promise.withResolvers<AbortSignal>();
  const over = Promise.withResolvers<void>();
  const holder = withLock(sql, "crawl", (lost) => {
    taken.resolve(lost);
    return over.promise;
  });
  holder.catch(taken.reject);
  const lost = await taken.promise;
  return {
    lost,
    release: async () => {
      over.resolve();
      await holder;
    },
  };
}
