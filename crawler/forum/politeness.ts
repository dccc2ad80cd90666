/** Rate limits of one host: a delay between the starts of requests, bounded concurrency, and pauses. */
import { bulkhead } from "cockatiel";

/** Waits, unless the signal ends the wait. @throws the signal's reason */
export function sleep(delay_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, delay_ms);
    signal.addEventListener("abort", end, { once: true });
  });
}

export class Politeness {
  #nextStart_ms = 0;
  /** Bounds the requests in flight. */
  readonly bulkhead;
  /** When the host last sent a readable document. */
  lastSuccess_ms = Number.NEGATIVE_INFINITY;
  /**
   * Pending while the host is down and being probed; every request waits for it. Resolves to whether it was down at
   * all.
   */
  outage: Promise<boolean> | null = null;

  constructor(
    readonly delay_ms: number,
    concurrency: number,
  ) {
    this.bulkhead = bulkhead(concurrency, Number.POSITIVE_INFINITY);
  }

  /** Returns when the next request may start. @throws the signal's reason */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (true) {
      const now = performance.now();
      if (this.#nextStart_ms <= now) {
        this.#nextStart_ms = now + this.delay_ms;
        return;
      }
      await sleep(this.#nextStart_ms - now, signal);
    }
  }

  /** No request starts before `pause_ms` have passed. */
  pause(pause_ms: number): void {
    this.#nextStart_ms = Math.max(this.#nextStart_ms, performance.now() + pause_ms);
  }
}
