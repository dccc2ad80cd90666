/**
 * The patrol of the listings: update walks end at the fixpoint, so threads that appear below it would never be found:
 * those that were split off, shown again, or moved here from a board that is not crawled. So the patrol reads the pages
 * below the walked part in turn.
 */
import { UnreadableError } from "../forum/errors.ts";
import type { BoardDocument } from "../read/xml.ts";
import type { Change } from "../store/changes.ts";
import { ListReader, pageCount, queueListed, readStored, type Refused } from "./listing-page.ts";
import { recordFailure, type Run } from "./run.ts";
import { perPage } from "./pages.ts";

interface Position {
  bid: number;
  page: number;
  /** Number of stored threads of the board. */
  thread_count: number;
  /** As in the table `boards`, as of this run's walk; null if unknown. */
  surplus: number | null;
}

/** Reads the next pages of the listings that this run walked only in part, board by board. */
export async function reviewListings(run: Run, pages: number): Promise<void> {
  const finished = new Set<number>();
  const phase = run.progress.phase("patrol of listings", { unit: "pages" });
  for (let read = 0; read < pages && !run.signal.aborted; read++) {
    const next = await nextPosition(run, finished);
    if (!next) break;
    const { bid, page, surplus } = next;
    const document = await new ListReader(run, bid).read(page);
    const isLast = await isEnd(run, document, next);
    if (document && typeof document !== "string") await reviewPage(run, document);
    if (isLast) finished.add(bid);
    const counted: Change[] = isLast && surplus !== null ? [{ kind: "counted", bid, surplus }] : [];
    await run.commitQueue.write({ kind: "reviewed", bid, review_page: isLast ? null : page + 1 }, ...counted);
    phase.add();
  }
  phase.done(run.signal.aborted ? "interrupted" : "");
}

/** One board is read to its end before the next one, so all pages are read after as many requests as there are pages. */
async function nextPosition(run: Run, finished: Set<number>): Promise<Position | undefined> {
  const bids = [...run.walkedParts.keys()].filter((bid) => !finished.has(bid));
  const [next] = await run.query(
    (sql) => sql<{ bid: number; review_page: number | null; thread_count: number }[]>`
      select bid, review_page, (select count(*)::int from threads where threads.bid = boards.bid) as thread_count
      from boards where bid = any(${bids}::int[])
      order by reviewed_at nulls first, bid limit 1`,
  );
  const walked = next && run.walkedParts.get(next.bid);
  if (!walked) return undefined;
  const below = walked.page + 1;
  return { ...next, ...walked, page: Math.max(next.review_page ?? below, below) };
}

/** Reads the pages from `first` on at once. A page that cannot be read is reported. */
export async function readRest(run: Run, bid: number, first: number, thread_count: number): Promise<void> {
  const list = new ListReader(run, bid);
  const phase = run.progress.phase(`board ${bid}`, { unit: "listing pages" });
  try {
    for (let page = first; !run.signal.aborted; page++) {
      const document = await list.read(page);
      const isLast = await isEnd(run, document, { page, thread_count });
      if (document && typeof document !== "string") await reviewPage(run, document);
      phase.add();
      if (isLast) break;
    }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    await recordFailure(run, `board ${bid}`, error);
  } finally {
    phase.done(run.signal.aborted ? "interrupted" : "");
  }
}

/** After this many pages more than the stored threads fill, a listing without new threads has no end. */
const maxSurplusPages = 20;

/** Whether a page is the last one of its listing, or all further ones would repeat it. */
async function isEnd(
  run: Run,
  document: BoardDocument | Refused | null,
  { page, thread_count }: Pick<Position, "page" | "thread_count">,
): Promise<boolean> {
  if (typeof document === "string" || (document && document.entry_count < perPage)) return true;
  if (page <= pageCount(thread_count) + maxSurplusPages) return false;
  return (
    !document || (await readStored(run, document.threads)).size === new Set(document.threads.map(({ tid }) => tid)).size
  );
}

/** Queues the threads that are new or have changed. Others need no request. */
async function reviewPage(run: Run, { threads }: BoardDocument): Promise<void> {
  await queueListed(run, threads, false);
  await run.commitQueue.write({ kind: "unlisted", tids: threads.map(({ tid }) => tid), isUnlisted: false });
}
