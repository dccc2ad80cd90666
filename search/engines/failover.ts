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
  /** Whether a primary that is slower than the standby is bypassed from then on; true by default. */
  isRace?: boolean;
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
const probeTimeout_ms = 5000;
const maxSlowness_ms = 1000;

/** Probes until one succeeds; keeps no process alive. */
const untilHealthy = wrap(
  retry(handleAll, { maxAttempts: Infinity, backoff: new ConstantBackoff(probeInterval_ms) }).dangerouslyUnref(),
  timeout(probeTimeout_ms, TimeoutStrategy.Aggressive).dangerouslyUnref(),
);

/**
 * A cheap request to the primary. Throws if the primary cannot be used, or takes longer than the limit: a head start, or
 * what the standby took the last time, if the whole machine is so busy.
 */
type Probe = (limit_ms: number, signal: AbortSignal) => Promise<void>;

function createCircuit(probe: Probe) {
  let isOpen = false;
  /** How long the standby took the last time. */
  let standby_ms = 0;

  return {
    isOpen: () => isOpen,

    /** Bypasses the primary until a probe succeeds. */
    async open(): Promise<void> {
      if (isOpen) return;
      isOpen = true;
      await untilHealthy.execute(({ signal }) =>
        probe(Math.min(Math.max(standby_ms, defaultHeadStart_ms), maxSlowness_ms), signal),
      );
      isOpen = false;
    },

    async timed<T>(standby: () => Promise<T>): Promise<T> {
      const asked_ms = performance.now();
      const result = await standby();
      standby_ms = performance.now() - asked_ms;
      return result;
    },
  };
}

export function createFailover(probe: Probe): Failover {
  const circuit = createCircuit(probe);
  /** Head starts of pending requests. */
  const headStarts = new Set<AbortController>();

  async function ask<T>(
    primary: (signal: AbortSignal) => Promise<T>,
    standby: () => Promise<T>,
    { signal, headStart_ms = defaultHeadStart_ms, isRace = true }: FailoverOptions = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    if (circuit.isOpen()) return circuit.timed(standby);
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
      void circuit.open();
      // Requests that wait for it do not wait any longer.
      for (const other of headStarts) other.abort();
      return circuit.timed(standby);
    } finally {
      headStarts.delete(headStart);
      headStart.abort();
    }
    return race(first, standby, { signal, isRace, asked_ms }).finally(() => canceled.abort());
  }

  /** Queries the standby as well. If the standby wins after a whole head start, the primary is too slow. */
  async function race<T>(
    first: Promise<T>,
    standby: () => Promise<T>,
    { signal, isRace, asked_ms }: { signal: AbortSignal | undefined; isRace: boolean; asked_ms: number },
  ): Promise<T> {
    let isPrimaryDone = false;
    first.then(
      () => (isPrimaryDone = true),
      () => {},
    );
    const second = circuit.timed(standby).then((result) => {
      const isSlow = isRace && performance.now() - asked_ms >= defaultHeadStart_ms;
      if (isSlow && !isPrimaryDone && !signal?.aborted) void circuit.open();
      return result;
    });
    try {
      return await Promise.any([first, second]);
    } catch {
      signal?.throwIfAborted();
      return await second;
    }
  }

  return { ask, isOpen: circuit.isOpen };
}
