/**
 * Walks a board's listing: on the initial pass from the last page to the first, on updates from the first to the
 * fixpoint.
 */
import type { Phase } from "@potstats/cli/progress";
import type { Row } from "@potstats/db/row";
import type { threads } from "@potstats/db/crawled";
import { UnreadableError } from "../forum/errors.ts";
import type { BoardDocument, ListedThread } from "../read/xml.ts";
import { initialPass } from "./first-walk.ts";
import { listingPage, readStored, type Refused } from "./listing-page.ts";
import { checkSuspect, type Suspect } from "./patrol.ts";
import { isInterruption, recordFailure, type Run } from "./run.ts";
import { explainSurplus, recordSurplus } from "./surplus.ts";
import { perPage } from "./pages.ts";
import { checkThreads, isUnchanged } from "./thread.ts";

/** A complete thread ends a walk only in boards with more stored threads than this. */
const fewThreads = 30;

/**
 * Walks one board. Boards without access are reported and skipped.
 * @returns whether a first walk was completed, so that its threads become complete once they are read
 */
export async function walkBoard(run: Run, bid: number, force: boolean): Promise<boolean> {
  const [state] = await run.query(
    (sql) => sql<{ is_walked: boolean; thread_count: number }[]>`
      select coalesce((select initial_pass_at is not null from boards where bid = ${bid}), false)
          or exists (select from threads where bid = ${bid} and revision = 0) as is_walked,
        (select count(*)::int from threads where bid = ${bid}) as thread_count`,
  );
  const { is_walked = false, thread_count = 0 } = state ?? {};
  const isInitial = force || thread_count === 0 || !is_walked;
  const phase = run.progress.phase(`board ${bid}`, { unit: "listing pages" });
  try {
    const outcome = isInitial
      ? await initialPass(run, bid, force, phase)
      : await updatePass(run, bid, thread_count, phase);
    if (typeof outcome === "string") {
      phase.done(`${outcome}, skipped`);
      if (thread_count > 0) await withdrawThreads(run, bid);
      return false;
    }
    phase.done(outcome ? "" : run.signal.aborted ? "interrupted" : "incomplete");
    return outcome && isInitial;
  } catch (error) {
    const isInterrupted = isInterruption(run, error);
    phase.done(isInterrupted ? "interrupted" : "failed");
    if (isInterrupted) return false;
    await recordFailure(run, `board ${bid}`, error);
    return false;
  }
}

/**
 * Checks the threads of a board that can no longer be read, newest first, until one of them still exists: most likely
 * they have been withdrawn with the board.
 */
async function withdrawThreads(run: Run, bid: number): Promise<void> {
  let exists = false;
  while (!exists && !run.signal.aborted) {
    const [newest] = await run.query(
      (sql) => sql<Row<typeof threads, "tid" | "page_shift">[]>`
        select tid, page_shift from threads
        where bid = ${bid} and gone_at is null and tid <> all(${[...run.unreadableThreads]}::int[])
        order by last_pid desc nulls last limit 1`,
    );
    if (!newest) return;
    exists = await checkSuspect(run, { ...newest, check_page: 0, needs_tags: false });
  }
}

const isSpecial = (thread: ListedThread) =>
  thread.is_sticky || thread.is_global || thread.is_announcement || thread.is_important;

/** Walks from the first page to the fixpoint: below an unchanged complete thread, no thread has new posts. */
async function updatePass(run: Run, bid: number, threadCount: number, phase: Phase): Promise<boolean | Refused> {
  run.isUpdate = true;
  const fixpoints = threadCount > fewThreads ? await readFixpoints(run, bid) : new Set<number>();
  const checked = new Set<string>();
  const listedTids = new Set<number>();
  /** Closed threads that have not changed since the last walk of this board. */
  const quiet = new Set<number>();
  let isAtFixpoint = false;
  let isAtEnd = false;
  /** The oldest last post listed, Unix seconds. */
  let oldest = Number.POSITIVE_INFINITY;
  let stalePages = 0;
  let requested = 0;
  const onRequest = () => phase.detail(`${++requested} threads checked for new posts`);
  let first: BoardDocument | null = null;
  let page = 0;
  while (!isAtFixpoint) {
    if (run.signal.aborted) return false;
    const document = await listingPage(run, bid, ++page);
    if (typeof document === "string") return document;
    first ??= document;
    const stored = await readStored(run, document.threads);
    const above: ListedThread[] = [];
    for (const thread of document.threads) {
      const before = stored.get(thread.tid);
      const isQuiet = before !== undefined && !isSpecial(thread) && thread.is_closed && isUnchanged(thread, before);
      if (isQuiet && fixpoints.has(thread.tid)) isAtFixpoint = true;
      if (isQuiet && before.bid === bid) quiet.add(thread.tid);
      // The list moves while it is walked: a thread pushed onto this page was checked on the page before.
      const key = `${thread.tid} ${thread.listed_last_post} ${thread.est_number_of_replies}`;
      if (checked.has(key) || run.checkedGlobals.has(key)) continue;
      checked.add(key);
      if (thread.is_global) run.checkedGlobals.add(key);
      if (!isAtFixpoint || before?.bid !== thread.bid) above.push(thread);
    }
    await checkThreads(run, above, stored, { trust: false, onRequest });
    phase.add();
    if (run.signal.aborted) return false;
    const hasNewThreads = document.threads.some(({ tid }) => !listedTids.has(tid));
    for (const thread of document.threads) {
      listedTids.add(thread.tid);
      if (!isSpecial(thread)) oldest = Math.min(oldest, thread.listed_last_post ?? oldest);
    }
    isAtEnd = document.entry_count < perPage;
    if (isAtEnd) break;
    stalePages = hasNewThreads ? 0 : stalePages + 1;
    if (stalePages >= maxStalePages)
      throw new UnreadableError(`pages ${page - stalePages + 1} to ${page} repeat earlier pages`);
  }
  const tids = [...listedTids];
  await run.commitQueue.write(
    { kind: "walked", bid, except: tids.filter((tid) => !quiet.has(tid)) },
    { kind: "unlisted", tids, isUnlisted: false },
  );
  await checkMissing(run, bid, tids, isAtEnd ? null : oldest);
  if (first) await (isAtEnd ? recordSurplus(run, first) : explainSurplus(run, first, page));
  return !run.signal.aborted;
}

/** Maximum number of unlisted but readable threads that a pass checks. */
const maxUnlisted = 10;

/**
 * Checks threads that are missing from the walked part of the list. They were deleted, withdrawn, merged or moved, or a
 * new post moved them up during the walk.
 * @param oldest the oldest last post in the walked part, Unix seconds; null if the whole list was walked
 */
async function checkMissing(run: Run, bid: number, listed: number[], oldest: number | null): Promise<void> {
  const missing = await run.query(
    (sql) => sql<Suspect[]>`
      select tid, check_page, page_shift, tags is null as needs_tags from threads
      where bid = ${bid} and gone_at is null and not is_unlisted and tid <> all(${listed}::int[])
        and (${oldest}::float8 is null or listed_last_post > to_timestamp(${oldest}::float8) at time zone 'UTC')
        and not exists (select from worldeater_tnu as w where w.tid = threads.tid)
        and tid <> all(${[...run.unreadableThreads]}::int[])
      order by last_pid desc nulls last limit 1000`,
  );
  let readable = 0;
  for (const thread of missing) {
    if (run.signal.aborted || readable >= maxUnlisted) return;
    if (!(await checkSuspect(run, thread))) continue;
    readable++;
    await run.commitQueue.write({ kind: "unlisted", tids: [thread.tid], isUnlisted: true });
  }
}

/** After this many consecutive pages without a new thread, the listing is considered an endless loop. */
const maxStalePages = 20;

/**
 * The complete thread with the highest last_pid, and the 29 next ones in case it has changed since. Threads with new
 * posts may be listed below one that is dated in the future.
 */
async function readFixpoints(run: Run, bid: number): Promise<Set<number>> {
  const rows = await run.query(
    (sql) => sql<Row<typeof threads, "tid">[]>`
      select tid from threads
      where bid = ${bid} and is_complete and gone_at is null and last_pid is not null
        and not coalesce(is_announcement, false) and not coalesce(is_important, false)
        and coalesce(listed_last_post, (select timestamp from posts where pid = last_pid)) <= now() at time zone 'UTC'
      order by last_pid desc limit 30`,
  );
  return new Set(rows.map(({ tid }) => tid));
}
