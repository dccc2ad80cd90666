/** Bulk inserts with COPY, PostgreSQL's fastest way to load rows. */
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { setImmediate as immediately } from "node:timers/promises";
import type { Sql, Transaction } from "./connect.ts";

export type CopyValue = string | number | boolean | null | Date | string[];

const special = /[\\\n\r\t]/g;
const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function field(value: CopyValue): string {
  if (value === null) return "\\N";
  if (typeof value === "string")
    return special.test(value) ? value.replaceAll(special, (character) => escapes[character] ?? "") : value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return field(JSON.stringify(value));
  return String(value);
}

/** Characters buffered before they are sent. */
const batchSize = 1 << 18;

export interface Copy {
  /** Adds a row. If it returns a promise, await it: that is backpressure from the server. */
  row(values: CopyValue[]): Promise<unknown> | undefined;
}

/**
 * Runs `work` with a COPY into a table. Opens a transaction unless one is given, because a pool would send other queries
 * through the connection that is busy copying. If `work` fails, the COPY is aborted; otherwise the connection could not even
 * roll back. Arrays of strings are written as JSON.
 * @throws PostgreSQL's error, at the next row at the latest
 */
export function copyInto<T>(
  sql: Sql | Transaction,
  table: string,
  columns: string[],
  work: (copy: Copy) => Promise<T>,
): Promise<T> {
  if ("begin" in sql) return sql.begin((transaction) => copyInto(transaction, table, columns, work)) as Promise<T>;
  const statement = `copy ${table} (${columns.map((column) => `"${column}"`).join(", ")}) from stdin`;
  return copyIn(sql, statement, async ({ send, ended }) => {
    let batch = "";
    const sendBatch = () => {
      const full = batch;
      batch = "";
      return send(full);
    };
    const row: Copy["row"] = (values) => {
      const end = ended();
      if (end) return end;
      for (let at = 0; at < values.length; at++) batch += (at === 0 ? "" : "\t") + field(values[at] as CopyValue);
      batch += "\n";
      return batch.length < batchSize ? undefined : sendBatch();
    };
    const result = await work({ row });
    await sendBatch();
    return result;
  });
}

/** Bytes sent at once, so that signals are handled in between. */
const pieceSize = 1 << 20;

/**
 * Executes `copy … from stdin` with bytes in COPY's own format. If the source fails, the COPY is aborted.
 * @throws PostgreSQL's error, or the source's
 */
export function copyBytes(sql: Transaction, statement: string, source: AsyncIterable<Uint8Array>): Promise<void> {
  return copyIn(sql, statement, async ({ send }) => {
    for await (const bytes of source)
      for (let from = 0; from < bytes.length; from += pieceSize) await send(bytes.subarray(from, from + pieceSize));
  });
}

/** The connection's side of a COPY. */
interface Copying {
  /** Sends a piece, and waits until there is room for the next one. */
  send(piece: string | Uint8Array): Promise<void>;
  /** The error that ended the COPY, as a promise that rejects; undefined while it runs. */
  ended(): Promise<void> | undefined;
}

async function copyIn<T>(sql: Transaction, statement: string, work: (copying: Copying) => Promise<T>): Promise<T> {
  const stream = await sql.unsafe(statement).writable();
  const closed = finished(stream);
  // Awaited below; until then a rejection must not count as unhandled.
  closed.catch(() => {});
  const send: Copying["send"] = async (piece) => {
    const hasRoom = stream.write(piece);
    if (!hasRoom) await Promise.race([once(stream, "drain"), closed]);
    // While the socket accepts everything, this loop would starve the event loop: neither errors nor signals would arrive.
    await immediately();
  };
  try {
    const result = await work({ send, ended: () => (stream.destroyed ? closed : undefined) });
    stream.end();
    await closed;
    return result;
  } catch (error) {
    stream.destroy(error as Error);
    throw error;
  }
}
