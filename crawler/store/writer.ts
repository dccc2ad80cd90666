/** Writes while the next pages are on their way: each transaction takes all the changes that wait by then. */
import type { Sql } from "@potstats/db/connect";
import { type Change, type Effects, noEffects, partsOf } from "./changes.ts";
import type { Traffic } from "../forum/client.ts";
import { withinLimits } from "./limits.ts";
import { shown } from "../read/shown.ts";
import { writeChanges } from "./write-changes.ts";

export interface WriterOptions {
  sql: Sql;
  /** Counted by the forum; what is new since the last transaction is added to the totals. */
  traffic: Traffic;
  /** Pages that a transaction takes at most. */
  mostPages: number;
  /** Does a transaction, and again after an outage. */
  patiently: <T>(work: () => Promise<T>) => Promise<T>;
  /** Told which post, thread, board or profile PostgreSQL will not take; it is left out. */
  refused: (change: Change, error: Error) => void;
  /** Told what was too long, and is cut. */
  note: (message: string) => void;
}

/** Of a change, cuts that are told. */
const mostTold = 20;

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
   * Takes changes that belong into one transaction, and returns when they are committed: whoever reads has one page in
   * hand at most, which is all that a kill can cost.
   * @throws what this transaction or an earlier one failed with
   */
  async write(...changes: Change[]): Promise<void> {
    if (changes.length === 0) return;
    const written = Promise.withResolvers<void>();
    this.#waiting.push({ changes: changes.map((change) => this.#limited(change)), written });
    void this.#writeAll();
    await written.promise;
  }

  #limited(seen: Change): Change {
    const { change, cuts } = withinLimits(seen);
    this.effects.values_cut += cuts.length;
    for (const what of cuts.slice(0, mostTold)) this.options.note(what);
    if (cuts.length > mostTold) this.options.note(`and ${cuts.length - mostTold} more`);
    return change;
  }

  /** Counts the requests since the last transaction. */
  async finish(): Promise<void> {
    await this.#transaction([], () => {});
  }

  async #writeAll(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    // So that what is written at once goes into one transaction.
    await Promise.resolve();
    let committed: Waiting[] = [];
    // Whoever waited goes on when the next transaction is on its way: what they read meanwhile must not hold it up.
    const goOn = () => {
      for (const { written } of committed) written.resolve();
      committed = [];
    };
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        // After one that failed for good nothing may follow.
        if (this.#error) throw this.#error.cause;
        await this.#write(
          batch.map((waiting) => waiting.changes),
          goOn,
        );
        goOn();
        committed = batch;
      } catch (error) {
        goOn();
        this.#error = { cause: error };
        for (const { written } of batch) written.reject(error);
      }
    }
    goOn();
    this.#isWriting = false;
  }

  /** What waits, but not more pages than allowed. */
  #takeBatch(): Waiting[] {
    let [count, pages] = [0, 0];
    for (const { changes } of this.#waiting) {
      if (pages >= this.options.mostPages) break;
      count++;
      pages += changes.filter((change) => change.kind === "page").length;
    }
    return this.#waiting.splice(0, count);
  }

  /** All at once; if PostgreSQL will not take it, bit by bit, so that only the post, thread or user that it refuses is left out. */
  async #write(batch: Change[][], sent: () => void): Promise<void> {
    try {
      await this.#transaction(batch.flat(), sent);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (batch.length > 1) for (const changes of batch) await this.#write([changes], sent);
      // Without the change before it none of them may be written: a page that is lost must be read again.
      else for (const change of batch.flat()) if (!(await this.#writeMost(change))) break;
    }
  }

  /** @returns whether anything of it was written */
  async #writeMost(change: Change): Promise<boolean> {
    try {
      await this.#transaction([change], () => {});
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const parts = partsOf(change);
      if (parts.length === 0) this.options.refused(change, new Error(shown(error.message)));
      let isAny = false;
      for (const [at, part] of parts.entries()) {
        const isWritten = await this.#writeMost(part);
        isAny ||= isWritten;
        if (change.kind === "page" && at === 0 && !isWritten) break;
      }
      return isAny;
    }
  }

  async #transaction(changes: Change[], sent: () => void): Promise<void> {
    const now = { ...this.options.traffic };
    const elapsed_s = Math.round((performance.now() - this.#begun_ms) / 1000);
    const spent = {
      nomnom_time: elapsed_s - this.#reported_s,
      num_api_requests: now.num_api_requests - this.#reported.num_api_requests,
      retries: now.retries - this.#reported.retries,
      rx_bytes: now.rx_bytes - this.#reported.rx_bytes,
      tx_bytes: now.tx_bytes - this.#reported.tx_bytes,
    };
    const effects = await this.options.patiently(() => writeChanges(this.options.sql, changes, spent, sent));
    this.#reported = now;
    this.#reported_s = elapsed_s;
    for (const key of Object.keys(effects) as (keyof Effects)[]) this.effects[key] += effects[key];
  }
}

/**
 * PostgreSQL's classes of errors that are about the data: not supported (0A), cardinality (21), data exceptions (22), violated
 * constraints (23, 44), limits of rows and indexes (54), and what a trigger raises (P0). In all others the server is at fault, or
 * what we ask of it, and going on would refuse everything.
 */
const aboutData = /^(?:0A|21|22|23|44|54|P0)/;

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && aboutData.test(String((error as { code?: unknown }).code ?? ""));
}
