/** Writes while the next pages are on their way: changes wait in order, and each transaction takes all that wait. */
import type { Sql } from "@potstats/db/connect";
import { type Change, type Effects, noEffects } from "./changes.ts";
import type { Traffic } from "./forum.ts";
import { writeChanges } from "./store.ts";

/** Changes that may wait before whoever brings more has to wait too: bounds the memory. */
const most = 60;

export interface WriterOptions {
  sql: Sql;
  /** Counted by the forum; what is new since the last transaction is added to the totals. */
  traffic: Traffic;
  /** Does a transaction, and again after an outage. */
  patiently: <T>(work: () => Promise<T>) => Promise<T>;
  /** Told which thread's changes PostgreSQL will not take; they are left out. */
  refused: (change: Change, error: Error) => void;
}

export class Writer {
  readonly effects: Effects = noEffects();
  #waiting: Change[][] = [];
  #count = 0;
  #writing: Promise<void> | null = null;
  #error: unknown = null;
  #reported: Traffic = { num_api_requests: 0, retries: 0, rx_bytes: 0, tx_bytes: 0 };
  #begun_ms = performance.now();
  #reported_s = 0;

  constructor(readonly options: WriterOptions) {}

  /**
   * Takes changes that belong into one transaction. Returns when there is room for more, not when they are written.
   * @throws what an earlier transaction failed with
   */
  async write(...changes: Change[]): Promise<void> {
    if (changes.length === 0) return;
    this.#waiting.push(changes);
    this.#count += changes.length;
    this.#start();
    while (this.#count > most && this.#writing) await this.#writing;
    if (this.#error) throw this.#error;
  }

  /** Returns when everything is written. @throws what a transaction failed with */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
    if (this.#error) throw this.#error;
  }

  /** Everything is written, and the requests since the last transaction are counted. */
  async finish(): Promise<void> {
    await this.flush();
    await this.#transaction([]);
  }

  #start(): void {
    if (this.#writing || this.#waiting.length === 0 || this.#error) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#count = 0;
    this.#writing = this.#write(batch)
      .catch((error: unknown) => {
        this.#error = error;
      })
      .finally(() => {
        this.#writing = null;
        this.#start();
      });
  }

  /** All at once; if PostgreSQL will not take it, one by one, so that only what it refuses is left out. */
  async #write(batch: Change[][]): Promise<void> {
    try {
      await this.#transaction(batch.flat());
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (batch.length > 1) for (const changes of batch) await this.#write([changes]);
      else for (const change of batch.flat()) this.options.refused(change, error);
    }
  }

  async #transaction(changes: Change[]): Promise<void> {
    const now = { ...this.options.traffic };
    const elapsed_s = Math.round((performance.now() - this.#begun_ms) / 1000);
    const spent = {
      nomnom_time: elapsed_s - this.#reported_s,
      num_api_requests: now.num_api_requests - this.#reported.num_api_requests,
      retries: now.retries - this.#reported.retries,
      rx_bytes: now.rx_bytes - this.#reported.rx_bytes,
      tx_bytes: now.tx_bytes - this.#reported.tx_bytes,
    };
    const effects = await this.options.patiently(() => writeChanges(this.options.sql, changes, spent));
    this.#reported = now;
    this.#reported_s = elapsed_s;
    for (const key of Object.keys(effects) as (keyof Effects)[]) this.effects[key] += effects[key];
  }
}

/** PostgreSQL's classes 22 and 23, data exceptions and violated constraints: the data is at fault, not the server. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && /^2[23]/.test(String((error as { code?: unknown }).code ?? ""));
}
