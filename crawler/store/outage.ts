/** Survives restarts of PostgreSQL during a crawl: work that was lost with the connection is repeated. */
import { messageOf } from "@potstats/cli/command";
import { AlreadyRunning } from "@potstats/db/locks";
import { ExponentialBackoff, handleWhen, noJitterGenerator, retry } from "cockatiel";

/** Codes of postgres.js and of sockets, and SQLSTATEs: the server is stopping, gone, or still starting. */
const outageCodes = new Set([
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

/** Whether a retry may help. PostgreSQL may not yet have noticed that the connection holding our lost lock is dead. */
export function isOutage(error: unknown): boolean {
  if (error instanceof AlreadyRunning) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && (outageCodes.has(code) || code.startsWith("08"));
}

export interface OutageOptions {
  /** First wait; doubles each time, up to twenty times as much. */
  base_ms: number;
  /** After this time an outage is an error. */
  limit_ms: number;
  signal: AbortSignal;
  /** Called once per outage. */
  note: (message: string) => void;
  /** Why PostgreSQL will not return; null while it may. */
  trouble?: () => Error | null;
}

/**
 * Does `work`, and repeats it while PostgreSQL is unreachable.
 * @throws any other error, the one that `trouble` returns, and the outage itself after `limit_ms` or an abort
 */
export async function outlast<T>(work: () => Promise<T>, options: OutageOptions): Promise<T> {
  const { base_ms, limit_ms, signal, note } = options;
  const begun_ms = performance.now();
  const isWorthRetrying = (error: unknown) =>
    isOutage(error) && !signal.aborted && performance.now() - begun_ms <= limit_ms;
  const policy = retry(handleWhen(isWorthRetrying), {
    backoff: new ExponentialBackoff({
      initialDelay: base_ms,
      maxDelay: base_ms * 20,
      generator: noJitterGenerator,
    }),
  });
  policy.onRetry((event) => {
    if (event.attempt === 1 && "error" in event) note(`the database is away (${messageOf(event.error)}); trying again`);
  });
  return policy.execute(async () => {
    try {
      return await work();
    } catch (error) {
      throw (isWorthRetrying(error) && options.trouble?.()) || error;
    }
  });
}
