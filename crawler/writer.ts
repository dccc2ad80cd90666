/** Writes while the next pages are on their way: changes wait in order, and each transaction takes all that wait. */
import type { Sql } from "@potstats/db/connect";
import { type Change, type Effects, noEffects } from "./changes.ts";
import type { Traffic } from "./forum.ts";
import { writeChanges } from "./store.ts";

/** Changes that may wait before whoever brings more has to wait too: bounds the memory. */
const most = 60;

export class Writer {
  readonly effects: Effects = noEffects();
  #waiting: Change[] = [];
  #writing: Promise<void> | null = null;
  #error: unknown = null;
  #reported: Traffic = { num_api_requests: 0, retries: 0, rx_bytes: 0, tx_bytes: 0 };
  #begun_ms = performance.now();
  #reported_s = 0;

  constructor(
    readonly sql: Sql,
    readonly traffic: Traffic,
  ) {}

  /**
   * Takes changes that belong into one transaction. Returns when there is room for more, not when they are written.
   * @throws what an earlier transaction failed with
   */
  async write(...changes: Change[]): Promise<void> {
    this.#waiting.push(...changes);
    this.#start();
    while (this.#waiting.length > most && this.#writing) await this.#writing;
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
    this.#writing = this.#transaction(batch)
      .catch((error: unknown) => {
        this.#error = error;
      })
      .finally(() => {
        this.#writing = null;
        this.#start();
      });
  }

  async #transaction(batch: Change[]): Promise<void> {
    const now = { ...this.traffic };
    const elapsed_s = Math.round((performance.now() - this.#begun_ms) / 1000);
    const effects = await writeChanges(this.sql, batch, {
      nomnom_time: elapsed_s - this.#reported_s,
      num_api_requests: now.num_api_requests - this.#reported.num_api_requests,
      retries: now.retries - this.#reported.retries,
      rx_bytes: now.rx_bytes - this.#reported.rx_bytes,
      tx_bytes: now.tx_bytes - this.#reported.tx_bytes,
    });
    this.#reported = now;
    this.#reported_s = elapsed_s;
    for (const key of Object.keys(effects) as (keyof Effects)[]) this.effects[key] += effects[key];
  }
}
