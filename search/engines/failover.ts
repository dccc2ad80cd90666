/**
 * Failover from one engine to another: no request waits for an engine that is slow or down, and the engine is used
 * again once it has recovered.
 *
 * The circuit is our own, because cockatiel's `circuitBreaker` makes a user's request the probe, and that request would
 * wait. Here probes run in the background, one at a time. It has no hedged requests either: querying the standby as
 * well after a head start. Retry and timeout of the probe are cockatiel's.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ConstantBackoff, handleAll, retry, timeout, TimeoutStrategy, wrap } from "cockatiel";

interface FailoverOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds before a request that the primary has not completed is sent to the standby as well. */
  headStart_ms?: number;
}

interface Failover {
  /**
   * The primary's result, or the standby's if the circuit is open or the primary fails or is slower.
   * @throws the standby's error if both fail
   */
  ask<T>(
    primary: (signal: AbortSignal) => Promise<T>,
    standby: () => Promise<T>,
    options?: FailoverOptions,
  ): Promise<T>;
  /** Whether the primary is currently bypassed. */
  isOpen(): boolean;
}

export const defaultHeadStart_ms = 150;
const probeInterval_ms = 250;
/** A primary that is slower than its head start would only delay searches. */
const probeTimeout_ms = defaultHeadStart_ms;

/** Probes until one succeeds; keeps no process alive. */
const untilHealthy = wrap(
  retry(handleAll, { maxAttempts: Infinity, backoff: new ConstantBackoff(probeInterval_ms) }).dangerouslyUnref(),
  timeout(probeTimeout_ms, TimeoutStrategy.Aggressive).dangerouslyUnref(),
);

/** @param probe a cheap request to the primary; throws if the primary cannot be used */
export function createFailover(probe: (signal: AbortSignal) => Promise<void>): Failover {
  let isOpen = false;
  /** Head starts of pending requests. */
  const headStarts = new Set<AbortController>();

  /** Bypasses the primary until a probe succeeds; requests that wait for it do not wait any longer. */
  async function openCircuit(): Promise<void> {
    if (isOpen) return;
    isOpen = true;
    for (const headStart of headStarts) headStart.abort();
    await untilHealthy.execute(({ signal }) => probe(signal));
    isOpen = false;
  }

  async function ask<T>(
    primary: (signal: AbortSignal) => Promise<T>,
    standby: () => Promise<T>,
    { signal, headStart_ms = defaultHeadStart_ms }: FailoverOptions = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    if (isOpen) return standby();
    const asked_ms = performance.now();
    const canceled = new AbortController();
    const first = primary(signal ? AbortSignal.any([signal, canceled.signal]) : canceled.signal);
    const headStart = new AbortController();
    headStarts.add(headStart);
    const isOver = sleep(headStart_ms, "over" as const, { signal: headStart.signal, ref: false }).catch(
      () => "over" as const,
    );
    try {
      const early = await Promise.race([first.then((result) => ({ result })), isOver]);
      if (early !== "over") return early.result;
    } catch {
      signal?.throwIfAborted();
      // The engine may have failed because of this very query: the probe decides.
      void openCircuit();
      return standby();
    } finally {
      headStarts.delete(headStart);
      headStart.abort();
    }
    return race(first, standby, { signal, asked_ms }).finally(() => canceled.abort());
  }

  /** Queries the standby as well. If the standby wins after a whole head start, the primary is too slow. */
  async function race<T>(
    first: Promise<T>,
    standby: () => Promise<T>,
    { signal, asked_ms }: { signal: AbortSignal | undefined; asked_ms: number },
  ): Promise<T> {
    let isPrimaryDone = false;
    first.then(
      () => (isPrimaryDone = true),
      () => {},
    );
    const second = standby().then((result) => {
      const isSlow = performance.now() - asked_ms >= defaultHeadStart_ms;
      if (isSlow && !isPrimaryDone && !signal?.aborted) void openCircuit();
      return result;
    });
    try {
      return await Promise.any([first, second]);
    } catch {
      signal?.throwIfAborted();
      return await second;
    }
  }

  return { ask, isOpen: () => isOpen };
}
