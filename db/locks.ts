/** One writer of each kind at a time, across processes and machines, with PostgreSQL's advisory locks. */
import postgres from "postgres";
import type { Sql } from "./connect.ts";

/** First half of every lock's key ("pots"), to keep clear of other software in the same database. */
const family = 0x706f7473;
const numbers = { migrate: 1, crawl: 2, analyze: 3, index: 4, template: 5, backup: 6 } as const;
export type LockName = keyof typeof numbers;

/** Another process holds the lock; commands exit with code 3. */
export class AlreadyRunning extends Error {
  override name = "AlreadyRunning";
  readonly exitCode = 3;
  constructor(lock: LockName) {
    super(`another ${lock} is running on this database; wait for it to end, or stop it`);
  }
}

/** The connection that held the lock broke; another process may hold it by now. */
export class LockLost extends Error {
  override name = "LockLost";
  constructor(lock: LockName) {
    super(`the connection that held the lock of this ${lock} broke: run it again`);
  }
}

/**
 * Runs `work` while a dedicated connection holds the lock. The lock ends with the connection, so a killed process leaves
 * none behind.
 * @param work gets a signal that aborts with LockLost when the connection breaks, and should then stop
 * @param options.wait wait for the lock instead of giving up
 * @throws AlreadyRunning if another process holds the lock and `wait` is not set
 */
export async function withLock<T>(
  sql: Sql,
  lock: LockName,
  work: (lost: AbortSignal) => Promise<T>,
  options: { wait?: boolean } = {},
): Promise<T> {
  const lost = new AbortController();
  let [isHeld, isClosing] = [false, false];
  // Not a connection of the pool: all may be in use, and the driver does not report when a reserved one breaks.
  const connection = postgres({
    ...sql.options,
    max: 1,
    idle_timeout: null,
    max_lifetime: null,
    fetch_types: false,
    onclose: () => isClosing || lost.abort(new LockLost(lock)),
  } as unknown as postgres.Options<Record<string, never>>);
  try {
    // A machine that disappears does not close its connections; PostgreSQL would keep the lock for two hours.
    await connection`select set_config('tcp_keepalives_idle', '60', false), set_config('tcp_keepalives_interval', '10', false),
                     set_config('tcp_keepalives_count', '6', false)`;
    // A transaction lock, not a session lock: a pooler may keep the session of a client that is gone, but ends its transaction.
    await connection`begin isolation level read committed read only`;
    // In the simple protocol, which leaves no portal open: its snapshot would keep rows deleted meanwhile from vacuum,
    // and the tables of a full run from being marked all-visible.
    const key = `${family}, ${numbers[lock]}`;
    if (options.wait) await connection.unsafe(`select pg_advisory_xact_lock(${key})`).simple();
    else {
      const [row] = await connection
        .unsafe<{ held: boolean }[]>(`select pg_try_advisory_xact_lock(${key}) as held`)
        .simple();
      if (!row?.held) throw new AlreadyRunning(lock);
    }
    isHeld = true;
    return await work(lost.signal);
  } finally {
    isClosing = true;
    // Closing the connection releases the lock too, but only a moment later.
    if (isHeld && !lost.signal.aborted) await connection`commit`.catch(() => {});
    await connection.end({ timeout: 5 });
  }
}

/** Like {@link withLock} with several locks. `work` gets a signal for each. */
export function withLocks<T>(
  sql: Sql,
  [first, ...others]: LockName[],
  work: (lost: AbortSignal[]) => Promise<T>,
  lost: AbortSignal[] = [],
): Promise<T> {
  if (!first) return work(lost);
  return withLock(sql, first, (signal) => withLocks(sql, others, work, [...lost, signal]));
}
