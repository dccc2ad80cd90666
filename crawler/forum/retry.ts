/**
 * Decides after each failed attempt: try again, fail this document, or end the crawl.
 *
 * Not cockatiel's `retry`: all requests to a host share its waits; Retry-After sets them; an abort ends them at once,
 * while cockatiel's delays run to their end; and the count of attempts starts over after an outage or a refusal.
 */
import { isCutOff, isSame } from "./body.ts";
import {
  ForumUnreachableError,
  type TransientError,
  transient,
  UnexpectedDocumentError,
  UnreadableError,
} from "./errors.ts";
import { type Politeness, sleep } from "./politeness.ts";
import type { DocumentRequest, Refusals } from "./refusals.ts";
import type { Traffic } from "./request.ts";

export interface Patience {
  /** Maximum attempts per document. */
  attempts: number;
  /** First wait between attempts; doubles each time, with jitter. */
  base_ms: number;
  /** Longest wait between attempts. */
  cap_ms: number;
  /** Timeout of a request. */
  timeout_ms: number;
  /** First wait while the forum is offline or down; doubles, up to ten times the first. */
  pause_ms: number;
}

export const defaultPatience: Patience = {
  attempts: 6,
  base_ms: 1000,
  cap_ms: 60_000,
  timeout_ms: 60_000,
  pause_ms: 30_000,
};

/** The wait after the n-th attempt, with jitter. */
export const backOff = ({ base_ms, cap_ms }: Patience, attempt: number): number =>
  Math.min(base_ms * 2 ** (attempt - 1), cap_ms) * (0.5 + Math.random() / 2);

export interface RetryOptions {
  /** Requests a document once and parses it. */
  attempt<T>(request: DocumentRequest<T>): Promise<T>;
  /** Requests an address that exists on every host of its kind. */
  probe(url: URL): Promise<unknown>;
  /** Whether a crawl is worth nothing without the host of this address, however long it is down. */
  isEssential(url: URL): boolean;
  politenessOf(url: URL): Politeness;
  refusals: Refusals;
  patience: Patience;
  traffic: Traffic;
  signal: AbortSignal;
  note: (message: string) => void;
}

/** The attempts at a document since it was first requested, or since an outage or a refusal ended. */
interface Attempts {
  count: number;
  begun_ms: number;
  /** Responses that were complete but unreadable. */
  complete_count: number;
  previousBytes: Uint8Array | null;
}

const start = (): Attempts => ({ count: 0, begun_ms: performance.now(), complete_count: 0, previousBytes: null });

/** Requests documents until they can be read. */
export class Retries {
  constructor(readonly options: RetryOptions) {}

  /** @throws UnreadableError, ForumUnreachableError, ForumRefusesError, the signal's reason */
  async get<T>(request: DocumentRequest<T>): Promise<T> {
    const { attempt, politenessOf, refusals, signal } = this.options;
    const { name, address } = request;
    const politeness = politenessOf(new URL(address));
    const state = refusals.stateOf(request);
    let attempts = start();
    let { refusal_count } = state;
    while (true) {
      await this.#permission(request, politeness);
      attempts.count++;
      let failure: UnreadableError | null;
      try {
        const document = await attempt(request);
        politeness.lastSuccess_ms = performance.now();
        return document;
      } catch (error) {
        if (signal.aborted && error === signal.reason) throw error;
        if (error instanceof UnexpectedDocumentError) failure = error;
        else if (error instanceof UnreadableError)
          failure = new UnreadableError(`${name}: ${error.message}`, error.bytes);
        else failure = await this.#waitOrGiveUp(request, attempts, transient(error));
      }
      if (!failure) continue;
      // A refusal may have ended while this response was in flight.
      const wasRefused = state.refusal_count > refusal_count || (await refusals.wasRefused(request, failure));
      // Or just after it: a document that was requested only once is requested once more.
      if (!wasRefused && (attempts.count > 1 || state.readable.length === 0)) throw failure;
      refusal_count = state.refusal_count;
      attempts = { ...start(), begun_ms: attempts.begun_ms, count: wasRefused ? 0 : attempts.count };
    }
  }

  /** Returns when the document may be requested. @throws ForumRefusesError, the signal's reason */
  async #permission(request: DocumentRequest<unknown>, politeness: Politeness): Promise<void> {
    const { refusals, signal } = this.options;
    while (politeness.outage) await politeness.outage;
    const state = refusals.stateOf(request);
    while (state.verdict) await state.verdict;
    signal.throwIfAborted();
    if (state.refused) throw state.refused;
  }

  /** Waits if another attempt may help. @returns null in that case, otherwise the failure of this document */
  async #waitOrGiveUp(
    { name, address }: DocumentRequest<unknown>,
    attempts: Attempts,
    problem: TransientError,
  ): Promise<UnreadableError | null> {
    const { politenessOf, patience, traffic, signal, note } = this.options;
    const url = new URL(address);
    const politeness = politenessOf(url);
    traffic.retries++;
    if (problem.bytes && !isCutOff(problem.bytes)) attempts.complete_count++;
    const isPermanent = attempts.complete_count >= 2 || isSame(attempts.previousBytes, problem.bytes);
    attempts.previousBytes = problem.bytes;
    if (attempts.count < patience.attempts && !isPermanent) {
      const wait_ms = problem.wait_ms ?? backOff(patience, attempts.count);
      if (wait_ms > 10_000) note(`${name}: ${problem.message}; waiting ${Math.ceil(wait_ms / 1000)} s`);
      if (problem.busy) politeness.pause(wait_ms);
      else await sleep(wait_ms, signal);
      return null;
    }
    if (!problem.answered && politeness.lastSuccess_ms <= attempts.begun_ms) {
      if (politeness.lastSuccess_ms === Number.NEGATIVE_INFINITY && !(await this.#isUp(url)))
        throw new ForumUnreachableError(`${url.origin} does not answer: ${problem.message}`);
      politeness.outage ??= this.#waitOut(url, problem.message).finally(() => {
        politeness.outage = null;
      });
      if (await politeness.outage) {
        Object.assign(attempts, start());
        politeness.lastSuccess_ms = attempts.begun_ms;
        return null;
      }
    }
    return new UnreadableError(`${name}: ${problem.message}, tried ${attempts.count} times`, problem.bytes);
  }

  /**
   * The circuit breaker: while the host is down, only probes are sent.
   * @returns whether it was down at all
   * @throws ForumUnreachableError if the host is not essential and still down after the longest pause; the signal's
   * reason
   */
  async #waitOut(url: URL, reason: string): Promise<boolean> {
    const { isEssential, patience, signal, note } = this.options;
    const maxPause_ms = patience.pause_ms * 10;
    for (let pause_ms = 0; ; pause_ms = Math.min(pause_ms * 2 || patience.pause_ms, maxPause_ms)) {
      if (pause_ms > 0) {
        note(`${url.host} does not answer (${reason}); waiting ${Math.ceil(pause_ms / 1000)} s`);
        await sleep(pause_ms, signal);
      }
      if (!(await this.#isUp(url))) {
        if (pause_ms < maxPause_ms || isEssential(url)) continue;
        throw new ForumUnreachableError(`${url.origin} does not answer any more: ${reason}`);
      }
      if (pause_ms > 0) note(`${url.host} answers again`);
      return pause_ms > 0;
    }
  }

  /** Probes a host. @returns whether it answers, even if the answer is unreadable. @throws the signal's reason */
  async #isUp(url: URL): Promise<boolean> {
    const { probe, signal } = this.options;
    try {
      await probe(url);
      return true;
    } catch (error) {
      if (signal.aborted && error === signal.reason) throw error;
      return error instanceof UnreadableError;
    }
  }
}
