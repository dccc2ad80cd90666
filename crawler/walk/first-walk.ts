/** Walks the listing of a board that has not been walked yet. */
import type { Phase } from "@potstats/cli/progress";
import { UnreadableError } from "../forum/errors.ts";
import type { BoardDocument } from "../read/xml.ts";
import { ListReader, maxPages, pageCount, queueListed, readStored, type Refused } from "./listing-page.ts";
import type { Run } from "./run.ts";
import { recordSurplus } from "./surplus.ts";
import { perPage } from "./pages.ts";

/**
 * Walks from the last page to the first, because threads with a new post move toward the pages not yet read. They push
 * their neighbors onto pages that were read already, as do threads that become sticky or are shown again: a second walk
 * finds those. A walk with an unreadable page does not count as completed, so the next run walks the whole list again.
 */
export async function initialPass(run: Run, bid: number, force: boolean, phase: Phase): Promise<boolean | Refused> {
  const list = new ListReader(run, bid);
  const first = await list.read(1);
  if (typeof first === "string") return first;
  const end = first && first.entry_count < perPage ? { page: 1, document: first } : await lastPage(list, first);
  if (typeof end === "string") return end;
  phase.total(end.page);
  let page1 = first;
  for (let page = end.page; page >= 1; page--) {
    if (run.signal.aborted) return false;
    const current = page === end.page && end.document ? end.document : await list.read(page);
    if (typeof current === "string") return current;
    if (current) await queueListed(run, current.threads, force);
    if (page === 1) page1 = current;
    phase.add();
  }
  phase.total(2 * end.page - 1);
  const refusal = await queueMissed(list, end.page, phase);
  if (refusal !== null) return refusal;
  if (run.signal.aborted) return false;
  if (list.unreadable.size > 0) return false;
  if (page1) await recordSurplus(run, page1);
  await run.commitQueue.write({ kind: "walked", bid, except: [] });
  return true;
}

/** Queues the threads on pages 2 to `last` that are not stored yet. @returns null if it was not refused */
async function queueMissed(list: ListReader, last: number, phase: Phase): Promise<Refused | null> {
  const { run } = list;
  for (let page = 2; page <= last && !run.signal.aborted; page++) {
    const current = await list.read(page);
    if (typeof current === "string") return current;
    const listed = current?.threads ?? [];
    const stored = await readStored(run, listed);
    const missed = listed.filter((thread) => !stored.has(thread.tid));
    await queueListed(run, missed, false);
    phase.add();
  }
  return null;
}

/**
 * Finds the last page with threads. The list can be longer than its counter says (global threads of other boards) or
 * shorter (hidden threads), so the counter is only where the search starts. An unreadable page counts as full, because
 * there may be more behind it.
 */
async function lastPage(
  list: ListReader,
  first: BoardDocument | null,
): Promise<{ page: number; document: BoardDocument | null } | Refused> {
  let full = { page: 1, document: first };
  let empty = Number.POSITIVE_INFINITY;
  let page = Math.max(2, pageCount(first?.number_of_threads ?? null));
  for (let step = 1; ; step *= 2) {
    if (page > maxPages) throw new UnreadableError(`page ${full.page} is full, and no page is the last`);
    const document = await list.read(page);
    if (typeof document === "string") return document;
    const isFull = !document || document.entry_count >= perPage;
    if (isFull && document && full.document && isSamePage(document, full.document))
      throw new UnreadableError(`pages ${full.page} and ${page} are the same`);
    if (isFull) full = { page, document };
    else if (document.entry_count > 0) return { page, document };
    else empty = page;
    if (empty === full.page + 1) return full;
    page = empty === Number.POSITIVE_INFINITY ? page + step : Math.floor((full.page + empty) / 2);
  }
}

const isSamePage = (one: BoardDocument, other: BoardDocument): boolean =>
  one.threads.length === other.threads.length && one.threads.every(({ tid }, at) => tid === other.threads[at]?.tid);
