/** Reads a thread page by page, from some page to its end. */
import { UnreadableError } from "../forum/errors.ts";
import { maxId, type Refusal, type ThreadDocument } from "../read/xml.ts";
import type { Change } from "../store/changes.ts";
import { Coverage } from "./coverage.ts";
import { firstPid, lastPid, merge, perPage, pidsOn, vanish } from "./pages.ts";
import { type Listed, PageReader } from "./page-reader.ts";
import { isInterruption, type Run } from "./run.ts";
import { readTags } from "./tags.ts";

export interface Reading {
  tid: number;
  /** Page to begin with. */
  start: number;
  needs_tags: boolean;
  /** Whether posts of it are stored. */
  is_known: boolean;
  /** As in the table `threads`. */
  page_shift: number;
  /** What the work list knows; for a thread that is not on it, no page may be unreadable. */
  listed?: Listed;
  /** Receives the number of posts on each page. */
  tick?: (posts: number) => void;
  /** Called after each page except the last: whether reading may stop there. */
  isEnough?: (coverage: Coverage) => Promise<boolean>;
}

/** How often posts may move to the previous page while a thread is read. */
const maxShifts = 5;

/** After this many pages in a row with nothing but posts from before, the thread is considered an endless loop. */
const maxOldPages = 20;

/**
 * Reads one thread from a page to its end. If the last page shows that posts were inserted or vanished above the first
 * page that was read, the thread is read again from the start, once. Posts are marked as gone at the end, because any
 * page may show them; if the reading is killed before, their number shows it at the end of the next one.
 *
 * A thread with an unreadable page is read to its end, but stays on the work list with that page. If that page is still
 * unreadable next time, reading goes on at the end of what is stored.
 * @throws UnreadableError
 */
export async function readThread(run: Run, reading: Reading): Promise<void> {
  const { tid } = reading;
  let { start, is_known } = reading;
  const pages = new PageReader(run, tid, reading.listed ?? null);
  let coverage = new Coverage(run, tid, start);
  let previous: ThreadDocument | null = null;
  let [shiftCount, oldPages] = [0, 0];
  for (let page = start; ; page++) {
    const document = await pages.read(page);
    if (!document) {
      if (page === start && is_known) page = (await pages.resume(page)) - 1;
      coverage = new Coverage(run, tid, page + 1);
      previous = null;
      continue;
    }
    if (document.kind === "refusal") return run.commitQueue.write({ kind: "gone", tid, isListed: true });
    oldPages = coverage.isOld(document) ? oldPages + 1 : 0;
    if ((previous && repeats(document, previous)) || oldPages >= maxOldPages)
      throw new UnreadableError(`page ${page} repeats the posts of the previous page${oldPages > 1 ? "s" : ""}`);
    const unseen = is_known ? await coverage.unseenBefore(document) : [];
    const mayHaveShifted = previous && (isBetween(previous, document, unseen) || isShorter(document, previous));
    const shifted = previous && mayHaveShifted ? await shiftedFrom(run, previous, page - 1) : null;
    if (previous && shifted) {
      is_known = true;
      if (++shiftCount > maxShifts) throw new UnreadableError(`page ${page - 1} is different every time`);
      coverage.forget(previous, shifted);
      previous = null;
      page -= 2;
      continue;
    }
    coverage.add(document, unseen);
    reading.tick?.(document.entry_count);
    if (document.posts.length > 0 && document.entry_count >= perPage) {
      const progress: Change = { kind: "progress", tid, start_page: pages.hole ?? page + 1 };
      await run.commitQueue.write(merge(run, document), progress);
      run.signal.throwIfAborted();
      previous = document;
      if (await reading.isEnough?.(coverage)) return run.commitQueue.write(vanish(tid, coverage.missing));
      continue;
    }
    const end = merge(run, document);
    if (is_known) await coverage.end();
    if (pages.hole !== null)
      return finishWithHole(run, { ...reading, start }, { pages, coverage, document, end, page });
    const before = firstPid(document) - 1;
    const last = document.posts.length === 0 && previous ? lastPid(previous) : null;
    const shift = page === 1 ? 0 : (page - 1) * perPage - (await coverage.count(last ?? before));
    // A post that vanished from an earlier page meanwhile is still stored: the next check has to see that shift.
    const page_shift = shiftCount > 0 ? reading.page_shift : shift;
    if (start === 1 || (shift === reading.page_shift && (await isConsistent(run, { coverage, document, end, page }))))
      return finishThread(run, { ...reading, start }, [end, vanish(tid, coverage.missing)], page_shift);
    await run.commitQueue.write(end, { kind: "progress", tid, start_page: 1 });
    start = 1;
    coverage = new Coverage(run, tid, 1);
    previous = null;
    page = 0;
  }
}

/** Whether a page has only posts of the page before. */
function repeats(document: ThreadDocument, previous: ThreadDocument): boolean {
  const before = new Set(pidsOn(previous));
  return document.posts.length > 0 && pidsOn(document).every((pid) => before.has(pid));
}

/** Whether some of these posts belong between the last post of a page and the first one of the next. */
function isBetween(previous: ThreadDocument, next: ThreadDocument, pids: number[]): boolean {
  const last = previous.posts.at(-1)?.pid ?? maxId;
  return pids.some((pid) => pid > last && pid < firstPid(next));
}

/** Whether the thread has fewer posts than when the page before was read. */
const isShorter = ({ thread }: ThreadDocument, previous: ThreadDocument): boolean =>
  (thread.est_number_of_replies ?? 0) < (previous.thread.est_number_of_replies ?? 0);

/**
 * Reads a page again to see whether it ends differently now: a post before its end has vanished meanwhile, so that later
 * ones moved up.
 * @returns null if it does not
 */
async function shiftedFrom(run: Run, before: ThreadDocument, page: number): Promise<ThreadDocument | Refusal | null> {
  const document = await run.forum.thread(before.thread.tid, { page });
  if (document.kind === "refusal") return document;
  return document.posts.at(-1)?.pid === before.posts.at(-1)?.pid ? null : document;
}

interface End {
  coverage: Coverage;
  document: ThreadDocument;
  /** Merges the document. */
  end: Change;
  page: number;
}

/**
 * Whether the pages that were read and the stored posts before them add up to the whole thread. If more posts than have
 * vanished are missing, pages before the first one that was read show some of them.
 */
async function isConsistent(run: Run, { coverage, document, end, page }: End): Promise<boolean> {
  if (coverage.missing.size === 0) return true;
  await run.commitQueue.write(end);
  return (page - 1) * perPage + document.posts.length <= (await coverage.count(maxId));
}

/** Ends the reading of a thread with an unreadable page, until the next run. */
async function finishWithHole(run: Run, reading: Reading, end: End & { pages: PageReader }): Promise<void> {
  const { pages, coverage, document, page } = end;
  const { tid, start, is_known, needs_tags } = reading;
  run.unreadableThreads.add(tid);
  const vanished = (await isConsistent(run, end)) ? coverage.missing : [];
  const tags = needs_tags ? await readTags(run, tid) : [];
  await run.commitQueue.write(end.end, vanish(tid, vanished), ...tags);
  if (is_known && pages.hole === start) await pages.checkEarlier(document, page);
}

/** Writes the last page with the tags. If interrupted before it has the tags, the next run reads the page again. */
async function finishThread(run: Run, reading: Reading, end: Change[], shift: number): Promise<void> {
  const { tid, start, needs_tags } = reading;
  try {
    const tags = needs_tags ? await readTags(run, tid) : [];
    const page_shift = Math.max(-maxId, Math.min(shift, maxId));
    const outcome: Change = start === 1 ? { kind: "read", tid, page_shift } : { kind: "done", tid };
    await run.commitQueue.write(...end, ...tags, outcome);
  } catch (error) {
    if (isInterruption(run, error)) await run.commitQueue.write(...end);
    throw error;
  }
}
