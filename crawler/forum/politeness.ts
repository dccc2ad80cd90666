/** How one host is treated: a delay between the starts of requests, few at a time, a common pause when it asks for one or is down. */
import { Places } from "./places.ts";

/** Waits, unless the signal ends it first. @throws the signal's reason */
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
  #next = 0;
  /** For requests under way. */
  readonly places: Places;
  /** When the host last sent a document that could be read. */
  last_success_ms = Number.NEGATIVE_INFINITY;
  /** Set while the host is down: everybody waits for the one who looks whether it is back. */
  outage: Promise<boolean> | null = null;

  constructor(
    readonly delay_ms: number,
    concurrency: number,
  ) {
    this.places = new Places(concurrency);
  }

  /** Returns when the next request may start. @throws the signal's reason */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (true) {
      const now = performance.now();
      if (this.#next <= now) {
        this.#next = now + this.delay_ms;
        return;
      }
      const start = this.#next;
      await sleep(start - now, signal);
    }
  }

  /** No request starts before `pause_ms` have passed. */
  pause(pause_ms: number): void {
    this.#next = Math.max(this.#next, performance.now() + pause_ms);
  }
}
