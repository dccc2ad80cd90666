/** One engine stands in for another: nobody waits for an engine that is slow or gone, and it is used again once it is back. */

export interface Failover {
  /**
   * The primary engine's answer, or the standby's where the primary is away, fails or takes its time.
   * @throws what the standby throws, when neither can answer
   */
  ask<T>(
    primary: (signal: AbortSignal) => Promise<T>,
    standby: () => Promise<T>,
    options?: { signal?: AbortSignal | undefined; headStart_ms?: number },
  ): Promise<T>;
  /** Whether the primary engine is not asked at the moment. */
  isAway(): boolean;
}

/** Milliseconds that the primary has for its answer before the standby is asked, too. */
const usualHeadStart_ms = 150;
/** Milliseconds between two probes while the primary is away, and after which one has failed. */
const probes = { interval_ms: 500, timeout_ms: 500 };

/** @param probe asks the primary for little; throws when it cannot be used */
export function createFailover(probe: (signal: AbortSignal) => Promise<void>): Failover {
  let isAway = false;

  /** From now on requests go to the standby, until a probe succeeds. */
  async function leave(): Promise<void> {
    if (isAway) return;
    isAway = true;
    while (isAway) {
      try {
        const timeout = AbortSignal.timeout(probes.timeout_ms);
        await Promise.race([probe(timeout), rejection(timeout)]);
        isAway = false;
      } catch {
        await pause(probes.interval_ms);
      }
    }
  }

  async function ask<T>(
    primary: (signal: AbortSignal) => Promise<T>,
    standby: () => Promise<T>,
    { signal, headStart_ms = usualHeadStart_ms }: { signal?: AbortSignal | undefined; headStart_ms?: number } = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    if (isAway) return standby();
    const loser = new AbortController();
    const first = primary(signal ? AbortSignal.any([signal, loser.signal]) : loser.signal);
    const timer = new AbortController();
    const slow = pause(headStart_ms, timer.signal).then(() => "slow" as const);
    try {
      const soon = await Promise.race([first.then((answer) => ({ answer })), slow]);
      if (soon !== "slow") return soon.answer;
    } catch {
      signal?.throwIfAborted();
      // What it does not understand may be this question's fault: the probe decides.
      void leave();
      return standby();
    } finally {
      timer.abort();
    }
    let hasAnswered = false;
    first.then(
      () => (hasAnswered = true),
      () => {},
    );
    const other = standby().then((answer) => {
      // Slower than one that began later.
      if (!hasAnswered && !signal?.aborted) void leave();
      return answer;
    });
    try {
      return await Promise.any([first, other]);
    } catch {
      signal?.throwIfAborted();
      return await other;
    } finally {
      loser.abort();
    }
  }

  return { ask, isAway: () => isAway };
}

const rejection = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));

/** Waits; keeps no process alive where that can be said. */
function pause(delay_ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, delay_ms);
    (timer as { unref?: () => void }).unref?.();
    signal?.addEventListener("abort", () => clearTimeout(timer as number));
  });
}
