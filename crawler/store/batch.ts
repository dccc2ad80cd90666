/** What the parts of the store share. */
import type { Transaction } from "@potstats/db/connect";
import type postgres from "postgres";

/** Rows as one JSON text, to be unfolded by json_to_recordset: a single parameter, whatever their number. */
export const rows = (list: unknown[]): string => JSON.stringify(list);

/** Statements sent one behind the other: PostgreSQL need not wait for us between them. */
export class Batch {
  #sent: Promise<unknown>[] = [];
  #read: Promise<unknown>[] = [];

  constructor(readonly tx: Transaction) {}

  /** @param read gets what the statement came to */
  send<Rows extends readonly postgres.MaybeRow[]>(
    query: postgres.PendingQuery<Rows>,
    read?: (result: postgres.RowList<Rows>) => void,
  ): void {
    const result = query.execute();
    this.#sent.push(result);
    if (read) this.#read.push(result.then(read));
  }

  /** Returns when everything was read that statements come to: at once, where nobody wants to know. */
  async read(): Promise<void> {
    await Promise.all(this.#read);
  }

  /** Returns when all are done. @throws what the first one failed with */
  async done(): Promise<void> {
    await Promise.all([...this.#sent, ...this.#read]);
  }
}
