/**
 * The surplus of a board: by how many threads the forum's counter exceeds the stored ones. The counter is wrong, but
 * mostly by the same number: if the surplus has risen, there are threads below the walked part that are not stored.
 */
import type { BoardDocument } from "../read/xml.ts";
import { readRest } from "./review.ts";
import type { Run } from "./run.ts";

interface Surplus {
  /** When the listing was last read to its end; null if unknown. */
  before: number | null;
  now: number;
  thread_count: number;
}

/**
 * Vanished threads are counted as stored, because the forum's counter may include them, too.
 * @param first the first page of the listing @returns null if it has no counter
 */
async function readSurplus(run: Run, { bid, number_of_threads, threads }: BoardDocument): Promise<Surplus | null> {
  if (number_of_threads === null) return null;
  const [row] = await run.query(
    (sql) => sql<{ surplus: number | null; thread_count: number }[]>`
      select surplus, (select count(*)::int from threads where threads.bid = boards.bid) as thread_count
      from boards where bid = ${bid}`,
  );
  if (!row) return null;
  const { surplus, thread_count } = row;
  const globals = threads.filter((thread) => thread.is_global && thread.bid !== bid);
  return { before: surplus, now: number_of_threads - thread_count - globals.length, thread_count };
}

/** Records the surplus of a listing that has been read to its end. */
export async function recordSurplus(run: Run, first: BoardDocument): Promise<void> {
  const surplus = await readSurplus(run, first);
  if (!surplus || surplus.now === surplus.before) return;
  await run.commitQueue.write({ kind: "counted", bid: first.bid, surplus: surplus.now });
}

/**
 * Reads the listing to its end if its surplus has risen. A surplus that has fallen is not recorded: a counter that lags
 * behind would seem to rise again.
 * @param page the last page of the walked part
 */
export async function explainSurplus(run: Run, first: BoardDocument, page: number): Promise<void> {
  const { bid } = first;
  const surplus = await readSurplus(run, first);
  run.walkedParts.set(bid, { page, surplus: surplus?.now ?? null });
  if (!surplus) return;
  const { before, now, thread_count } = surplus;
  if (before !== null && now <= before) return;
  if (before !== null) await readRest(run, bid, page + 1, thread_count);
  if (!run.signal.aborted) await recordSurplus(run, first);
}
