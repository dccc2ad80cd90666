/** How one host is treated: a delay between the starts of requests, few at a time, a common pause when it asks for one or is down. */

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
  #free: number;
  #waiting: (() => void)[] = [];
  /** When the host last sent a document that could be read. */
  last_success_ms = Number.NEGATIVE_INFINITY;
  /** Set while the host is down: everybody waits for the one who looks whether it is back. */
  outage: Promise<boolean> | null = null;

  constructor(
    readonly delay_ms: number,
    concurrency: number,
  ) {
    this.#free = concurrency;
  }

  /** Takes one of the places for requests under way; give it back with {@link release}. */
  async acquire(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
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
