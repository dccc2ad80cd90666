/** Writes while the next pages are on their way: each transaction takes all changes that are waiting by then. */
import type { Traffic } from "../forum/request.ts";
import { printable } from "../read/printable.ts";
import type { Sql } from "@potstats/db/connect";
import { type Change, type Effects, noEffects, partsOf } from "./changes.ts";
import { withinLimits } from "./limits.ts";
import { writeChanges } from "./write-transaction.ts";

export interface WriterOptions {
  sql: Sql;
  /** Counted by the forum; what is new since the last transaction is added to the totals. */
  traffic: Traffic;
  /** Pages in a transaction, at most. */
  maxPages: number;
  /** Runs a transaction, and again after an outage. */
  throughOutages: <T>(work: () => Promise<T>) => Promise<T>;
  /** Receives the post, thread, board or profile that PostgreSQL refuses; it is left out. */
  onRefused: (change: Change, error: Error) => void;
  /** Receives what was too long, and is cut. */
  note: (message: string) => void;
}

/** Cuts in a change that are noted one by one. */
const maxCutNotes = 20;

interface Waiting {
  changes: Change[];
  written: PromiseWithResolvers<void>;
}

export class Writer {
  readonly effects: Effects = noEffects();
  #waiting: Waiting[] = [];
  #isWriting = false;
  #error: { cause: unknown } | null = null;
  #reported: Traffic = { num_api_requests: 0, retries: 0, rx_bytes: 0, tx_bytes: 0 };
  #begun_ms = performance.now();
  #reported_s = 0;

  constructor(readonly options: WriterOptions) {}

  /**
   * Takes changes that belong into one transaction, and returns when they are committed: so a reader has one page in memory at
   * most, which is all that a kill can lose.
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
    for (const cut of cuts.slice(0, maxCutNotes)) this.options.note(cut);
    if (cuts.length > maxCutNotes) this.options.note(`and ${cuts.length - maxCutNotes} more`);
    return change;
  }

  /** Adds the requests since the last transaction to the totals. */
  async finish(): Promise<void> {
    await this.#transaction([], () => {});
  }

  async #writeAll(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    // So that what is written in the same turn of the event loop goes into one transaction.
    await Promise.resolve();
    let committed: Waiting[] = [];
    // Readers go on once the next transaction is on its way: parsing their pages must not hold up its statements.
    const release = () => {
      for (const { written } of committed) written.resolve();
      committed = [];
    };
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        // After an error that is final, nothing may follow.
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

  /** Takes what is waiting, up to `maxPages`. */
  #takeBatch(): Waiting[] {
    let [count, pages] = [0, 0];
    for (const { changes } of this.#waiting) {
      if (pages >= this.options.maxPages) break;
      count++;
      pages += changes.filter((change) => change.kind === "page").length;
    }
    return this.#waiting.splice(0, count);
  }

  /** All at once; if PostgreSQL refuses that, in smaller and smaller parts, until only the refused post, thread or user is left out. */
  async #write(batch: Change[][], onSent: () => void): Promise<void> {
    try {
      await this.#transaction(batch.flat(), onSent);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (batch.length > 1) for (const changes of batch) await this.#write([changes], onSent);
      // Each change needs the one before it: otherwise progress might be written without its page, which would be lost.
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
        // The first part of a page is its thread, which the others need.
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
    const effects = await this.options.throughOutages(() => writeChanges(this.options.sql, changes, spent, onSent));
    this.#reported = now;
    this.#reported_s = elapsed_s;
    for (const key of Object.keys(effects) as (keyof Effects)[]) this.effects[key] += effects[key];
  }
}

/**
 * PostgreSQL's classes of errors that are about the data: not supported (0A), cardinality (21), data exceptions (22), violated
 * constraints (23, 44), limits of rows and indexes (54), and what a trigger raises (P0). In all others the server or our
 * statement is at fault, and going on would refuse everything.
 */
const dataErrors = /^(?:0A|21|22|23|44|54|P0)/;

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && dataErrors.test(String((error as { code?: unknown }).code ?? ""));
}
