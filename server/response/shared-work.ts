/** A computation that several requests share. */
import { timeout, TimeoutStrategy } from "cockatiel";

export class SharedWork<T> {
  /** Rejects with cockatiel's `TaskCancelledError` at the timeout. */
  readonly result: Promise<T>;
  private readonly abandonment = new AbortController();
  private waiting = 0;

  /** @param work starts immediately; its signal aborts at the timeout, and when the last request has left */
  constructor(work: (signal: AbortSignal) => Promise<T>, timeout_ms: number) {
    const policy = timeout(timeout_ms, TimeoutStrategy.Aggressive);
    this.result = policy.execute(({ signal }) => work(signal), this.abandonment.signal);
    // It may reject when no request waits any more.
    this.result.catch(() => {});
  }

  /** Whether the last request has left. */
  get isAbandoned(): boolean {
    return this.abandonment.signal.aborted;
  }

  /** Waits for the result. @param signal aborts when the waiting request is canceled */
  async join(signal: AbortSignal): Promise<T> {
    this.waiting++;
    const leave = () => {
      if (--this.waiting === 0) this.abandonment.abort(new DOMException("nobody waits", "AbortError"));
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
    try {
      return await this.result;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }
}

/** Computations that requests can join, by name. */
export class WorkInFlight<T> {
  private readonly works = new Map<string, SharedWork<T>>();

  /** The computation, unless it has ended or was abandoned. */
  get(name: string): SharedWork<T> | undefined {
    const work = this.works.get(name);
    return work?.isAbandoned ? undefined : work;
  }

  /** Adds a computation until it ends. */
  add(name: string, work: SharedWork<T>): void {
    this.works.set(name, work);
    const remove = () => this.works.get(name) === work && this.works.delete(name);
    work.result.then(remove, remove);
  }
}
