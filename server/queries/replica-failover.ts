/** Queries go to a replica; while it is down, or behind after an outage or at the start, they go to the primary. */
import { ConstantBackoff, handleAll, isBrokenCircuitError, retry } from "cockatiel";
import { isUnreachable } from "../http/errors.ts";
import type { GuardedPool } from "./guarded-pool.ts";

/** Milliseconds between checks of a replica that is bypassed. */
const checkInterval_ms = 500;

/** PostgreSQL's code when a replica cancels a query that stands in the way of a change of the primary. */
const conflictWithRecovery = "40001";

export interface PoolChoice {
  /** The pool for new queries. */
  choose(): GuardedPool;
  /** To be told when a query on a pool has failed. */
  failed(pool: GuardedPool, error: unknown): void;
  /** Whether the primary is used in place of the replica; undefined if there is none. */
  bypassesReplica(): boolean | undefined;
  /** Resolves once a replica has been compared with the primary, or could not be, for the first time. */
  compared: Promise<void>;
  /** Whether work that failed with this error may succeed if it is repeated at once. */
  mayRepeat(error: unknown): boolean;
  close(): Promise<void>;
}

/** There is no other pool. */
export const onlyPool = (pool: GuardedPool): PoolChoice => ({
  choose: () => pool,
  failed() {},
  bypassesReplica: () => undefined,
  compared: Promise.resolve(),
  mayRepeat: () => false,
  close: pool.close,
});

/** Whether a database will never answer this server: pg_hba.conf, role, password or name is wrong. */
const refusesUs = (error: unknown) => /^(28...|3D000)$/.test(String((error as { code?: unknown } | null)?.code));

export interface ReplicaOptions {
  replica: GuardedPool;
  primary: GuardedPool;
  /**
   * Reads the data generation on a pool. A replica is used, or used again, when it has the primary's: readers have seen
   * that one, perhaps on another server, and would otherwise see older data again. If the primary cannot be reached, any
   * will do.
   */
  readGeneration(pool: GuardedPool): Promise<string>;
  /** Whether the replica may be used before it was compared with the primary. */
  isTrusted?: boolean | undefined;
}

export function preferReplica({ replica, primary, readGeneration, isTrusted = false }: ReplicaOptions): PoolChoice {
  let isBypassed = false;
  const { promise: compared, resolve: resolveCompared } = Promise.withResolvers<void>();
  const closed = new AbortController();
  const untilUsable = retry(handleAll, {
    maxAttempts: Infinity,
    backoff: new ConstantBackoff(checkInterval_ms),
  }).dangerouslyUnref();

  // Checks in a row that did not reach the primary, and how many show that it is unreachable. The first may only tell of
  // a single broken connection; at the start, none is open.
  let misses = 0;
  let enoughMisses = 1;

  /** The primary's generation; undefined if it cannot be reached. */
  const expectedGeneration = () =>
    readGeneration(primary).catch((error: unknown) => {
      // While another query finds out whether it is back, there is no news.
      const isNews = !(isBrokenCircuitError(error) && primary.isTested());
      if (isNews && (isUnreachable(error) || refusesUs(error))) return undefined;
      throw error;
    });

  async function checkIsCurrent(): Promise<void> {
    const own = await readGeneration(replica);
    const expected = await expectedGeneration();
    misses = expected === undefined ? misses + 1 : 0;
    if (own !== expected && misses < enoughMisses) throw new Error("the replica is behind");
  }

  function onCompared(): void {
    enoughMisses = 2;
    resolveCompared();
  }

  /** Rejects only if the server stops meanwhile. */
  async function bypass(): Promise<void> {
    if (isBypassed) return;
    isBypassed = true;
    misses = 0;
    await untilUsable.execute(() => checkIsCurrent().finally(onCompared), closed.signal);
    isBypassed = false;
  }

  if (isTrusted) onCompared();
  else bypass().catch(() => {});

  return {
    choose: () => (isBypassed ? primary : replica),
    failed(pool, error) {
      if (pool === replica && isUnreachable(error)) bypass().catch(() => {});
    },
    bypassesReplica: () => isBypassed,
    compared,
    mayRepeat: (error) => isUnreachable(error) || (error as { code?: unknown } | null)?.code === conflictWithRecovery,
    async close() {
      closed.abort();
      await Promise.all([replica.close(), primary.close()]);
    },
  };
}
