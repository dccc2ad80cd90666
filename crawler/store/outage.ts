/** PostgreSQL may restart while we crawl: what was lost with the connection is done again. */
import { messageOf } from "@potstats/cli/command";
import { AlreadyRunning } from "@potstats/db/locks";

/** Codes of postgres.js and of the sockets, and SQLSTATEs: the server goes, is gone, or is not there yet. */
const lost = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ERR_SOCKET_CLOSED",
  "ETIMEDOUT",
  "40001",
  "40P01",
  "53300",
  "57P01",
  "57P02",
  "57P03",
]);

/** Whether doing it again may help. A lock that was lost may be held by a connection of which only PostgreSQL does not know that it broke. */
export function isOutage(error: unknown): boolean {
  if (error instanceof AlreadyRunning) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && (lost.has(code) || code.startsWith("08"));
}

export interface Endurance {
  /** First wait; doubles each time, up to twenty times as much. */
  base_ms: number;
  /** Waits altogether. */
  limit_ms: number;
}

/**
 * Does `work`, again and again while PostgreSQL is away.
 * @param note told when it begins to wait
 * @throws what else goes wrong, what `trouble` tells, and the outage itself after `limit_ms` or when the signal says so
 */
export async function outlast<T>(
  work: () => Promise<T>,
  options: {
    endurance: Endurance;
    signal: AbortSignal;
    note: (message: string) => void;
    /** Why PostgreSQL will not come back; null while it may. */
    trouble?: () => Error | null;
  },
): Promise<T> {
  const { base_ms, limit_ms } = options.endurance;
  const begun_ms = performance.now();
  for (let wait_ms = base_ms; ; wait_ms = Math.min(wait_ms * 2, base_ms * 20)) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error) || options.signal.aborted || performance.now() - begun_ms > limit_ms) throw error;
      const trouble = options.trouble?.();
      if (trouble) throw trouble;
      if (wait_ms === base_ms) options.note(`the database is away (${messageOf(error)}); trying again`);
      await Bun.sleep(wait_ms);
    }
  }
}
