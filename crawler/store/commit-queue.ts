/** Writes changes while the next pages are being fetched: each transaction takes all changes queued by then. */
import type { Traffic } from "../forum/request.ts";
import { printable } from "../read/printable.ts";
import type { Sql } from "@potstats/db/connect";
import { type Change, type Effects, noEffects, partsOf } from "./changes.ts";
import { withinLimits } from "./limits.ts";
import { writeTransaction } from "./write-transaction.ts";

export interface CommitQueueOptions {
  sql: Sql;
  /** Counted by the forum client; each transaction adds the increase since the last one to the totals. */
  traffic: Traffic;
  /** Maximum number of pages in a transaction. */
  maxPages: number;
  /** Runs a transaction, and repeats it after an outage. */
  throughOutages: <T>(work: () => Promise<T>) => Promise<T>;
  /** Receives each post, thread, board or profile that is skipped because PostgreSQL refuses it. */
  onRefused: (change: Change, error: Error) => void;
  /** Receives a message for each truncated value. */
  note: (message: string) => void;
}

/** Maximum number of truncated values of a change that are reported one by one. */
const maxTruncationNotes = 20;

interface Waiting {
  changes: Change[];
  written: PromiseWithResolvers<void>;
}

export class CommitQueue {
  readonly effects: Effects = noEffects();
  #waiting: Waiting[] = [];
  #isWriting = false;
  #error: { cause: unknown } | null = null;
  #reported: Traffic = { num_api_requests: 0, retries: 0, rx_bytes: 0, tx_bytes: 0 };
  #begun_ms = performance.now();
  #reported_s = 0;

  constructor(readonly options: CommitQueueOptions) {}

  /**
   * Queues changes that belong in one transaction, and returns when they are committed. So each reader has at most one
   * page in memory, and a kill loses no more than that.
   * @throws the error of this transaction or of an earlier one
   */
  async write(...changes: Change[]): Promise<void> {
    if (changes.length === 0) return;
    const written = Promise.withResolvers<void>();
    this.#waiting.push({ changes: changes.map((change) => this.#limited(change)), written });
    void this.#writeAll();
    await written.promise;
  }

  #limited(received: Change): Change {
    const { change, cuts } = withinLimits(received);
    this.effects.values_cut += cuts.length;
    for (const cut of cuts.slice(0, maxTruncationNotes)) this.options.note(cut);
    if (cuts.length > maxTruncationNotes) this.options.note(`and ${cuts.length - maxTruncationNotes} more`);
    return change;
  }

  /** Adds the requests made since the last transaction to the totals. */
  async finish(): Promise<void> {
    await this.#transaction([], () => {});
  }

  async #writeAll(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    // Collects everything queued in the same turn of the event loop into one transaction.
    await Promise.resolve();
    let committed: Waiting[] = [];
    // Readers continue only after the next transaction has been sent: parsing their pages would delay its statements.
    const release = () => {
      for (const { written } of committed) written.resolve();
      committed = [];
    };
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        // A final error ends the queue: nothing is written after it.
        if (this.#error) throw this.#error.cause;
        await this.#write(
          batch.map((waiting) => waiting.changes),
          release,
        );
        release();
        committed = batch;
      } catch (error) {
        release();
        this.#error = { cause: error };
        for (const { written } of batch) written.reject(error);
      }
    }
    release();
    this.#isWriting = false;
  }

  /** Takes queued changes, up to `maxPages` pages. */
  #takeBatch(): Waiting[] {
    let [count, pages] = [0, 0];
    for (const { changes } of this.#waiting) {
      if (pages >= this.options.maxPages) break;
      count++;
      pages += changes.filter((change) => change.kind === "page").length;
    }
    return this.#waiting.splice(0, count);
  }

  /** Writes a batch; if PostgreSQL refuses it, in smaller and smaller parts, until only the refused row is skipped. */
  async #write(batch: Change[][], onSent: () => void): Promise<void> {
    try {
      await this.#transaction(batch.flat(), onSent);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (batch.length > 1) for (const changes of batch) await this.#write([changes], onSent);
      // Stop at a refused change: progress written without its page would lose the page.
      else for (const change of batch.flat()) if (!(await this.#writeParts(change))) break;
    }
  }

  /** @returns whether any part was written */
  async #writeParts(change: Change): Promise<boolean> {
    try {
      await this.#transaction([change], () => {});
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const parts = partsOf(change);
      if (parts.length === 0) this.options.onRefused(change, new Error(printable(error.message)));
      let isAnyWritten = false;
      for (const [at, part] of parts.entries()) {
        const isWritten = await this.#writeParts(part);
        isAnyWritten ||= isWritten;
        // The first part of a page is its thread, which the other parts reference.
        if (change.kind === "page" && at === 0 && !isWritten) break;
      }
      return isAnyWritten;
    }
  }

  async #transaction(changes: Change[], onSent: () => void): Promise<void> {
    const now = { ...this.options.traffic };
    const elapsed_s = Math.round((performance.now() - this.#begun_ms) / 1000);
    const spent = {
      nomnom_time: elapsed_s - this.#reported_s,
      num_api_requests: now.num_api_requests - this.#reported.num_api_requests,
      retries: now.retries - this.#reported.retries,
      rx_bytes: now.rx_bytes - this.#reported.rx_bytes,
      tx_bytes: now.tx_bytes - this.#reported.tx_bytes,
    };
    const effects = await this.options.throughOutages(() => writeTransaction(this.options.sql, changes, spent, onSent));
    this.#reported = now;
    this.#reported_s = elapsed_s;
    for (const key of Object.keys(effects) as (keyof Effects)[]) this.effects[key] += effects[key];
  }
}

/**
 * PostgreSQL's error classes that the data can cause: not supported (0A), cardinality (21), data exceptions (22),
 * violated constraints (23, 44), limits of rows and indexes (54), and errors raised by triggers (P0). Any other error
 * is the fault of the server or of our statement, and every further change would fail as well.
 */
const dataErrors = /^(?:0A|21|22|23|44|54|P0)/;

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && dataErrors.test(String((error as { code?: unknown }).code ?? ""));
}
