/**
 * Walks a board's listing: on the initial pass from the last page to the first, on updates from the first to the
 * fixpoint.
 */
import type { Phase } from "@potstats/cli/progress";
import { drizzleOn } from "@potstats/db/drizzle";
import type { Row } from "@potstats/db/row";
import { posts, threads, worldeaterTnu } from "@potstats/db/crawled";
import { eq, sql as raw } from "drizzle-orm";
import { UnreadableError } from "../forum/errors.ts";
import { type BoardDocument, type ListedThread, maxId } from "../read/xml.ts";
import { isAmong } from "../store/statements.ts";
import { checkSuspect, type Suspect } from "./patrol.ts";
import { isInterruption, recordFailure, type Run } from "./run.ts";
import { checkThreads, isUnchanged, perPage, queueFrom, type StoredThread } from "./thread.ts";

/** A complete thread ends a walk only in boards with more stored threads than this. */
const fewThreads = 30;

/**
 * Walks one board. Boards without access are reported and skipped.
 * @returns whether the walk was completed
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
    return outcome;
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

/** The root of a refusing document. */
type Refused = string;

async function listingPage(run: Run, bid: number, page: number): Promise<BoardDocument | Refused> {
  const document = await run.forum.board(bid, page);
  if (document.kind === "refusal") return document.root;
  for (const problem of document.problems) run.progress.note(problem);
  return document;
}

/** After this many consecutive pages that cannot be read, a board counts as unreadable. */
const maxUnreadable = 3;

/** Reads the pages of a list. One that cannot be read is a failure of its own, and hides no other page. */
class ListReader {
  readonly unreadable = new Set<number>();
  #consecutive = 0;

  constructor(
    readonly run: Run,
    readonly bid: number,
  ) {}

  /** @returns null if the page cannot be read. @throws UnreadableError after {@link maxUnreadable} such pages */
  async read(page: number): Promise<BoardDocument | Refused | null> {
    const { run, bid, unreadable } = this;
    if (unreadable.has(page)) return null;
    try {
      const document = await listingPage(run, bid, page);
      this.#consecutive = 0;
      return document;
    } catch (error) {
      if (++this.#consecutive >= maxUnreadable) throw error;
      await recordFailure(run, `board ${bid}, page ${page}`, error);
      unreadable.add(page);
      return null;
    }
  }
}

const pageCount = (threadCount: number | null) =>
  Math.min(maxPages, Math.max(1, Math.ceil((threadCount ?? 0) / perPage)));

/**
 * Walks from the last page to the first, because threads with a new post move toward the pages not yet read. They push
 * their neighbors onto pages that were read already: if the front of the list has moved meanwhile, a second walk finds
 * those. A walk with an unreadable page does not count as completed, so the next run walks the whole list again.
 */
async function initialPass(run: Run, bid: number, force: boolean, phase: Phase): Promise<boolean | Refused> {
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
  if (first && page1 && frontOf(page1) !== frontOf(first)) {
    phase.total(2 * end.page - 1);
    for (let page = 2; page <= end.page; page++) {
      if (run.signal.aborted) return false;
      const current = await list.read(page);
      if (typeof current === "string") return current;
      const listed = current?.threads ?? [];
      const stored = await readStored(run, listed);
      const missed = listed.filter((thread) => !stored.has(thread.tid));
      await queueListed(run, missed, false);
      phase.add();
    }
  }
  if (list.unreadable.size > 0) return false;
  await run.commitQueue.write({ kind: "walked", bid });
  return true;
}

/** The newest thread and its last post: they change whenever anything in the list moves. */
function frontOf(page: BoardDocument): string {
  const newest = page.threads.find((thread) => !isSpecial(thread));
  return `${newest?.tid} ${newest?.listed_last_post}`;
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

/** Maximum number of pages of a list, because thread ids are below 2³¹. */
const maxPages = Math.ceil(maxId / perPage);

const isSamePage = (one: BoardDocument, other: BoardDocument): boolean =>
  one.threads.length === other.threads.length && one.threads.every(({ tid }, at) => tid === other.threads[at]?.tid);

/** Queues new threads and stored ones with new posts, or all of them if forced. */
async function queueListed(run: Run, listed: ListedThread[], force: boolean): Promise<void> {
  const stored = await readStored(run, listed);
  if (force)
    return run.commitQueue.write(
      { kind: "listed", threads: listed },
      ...listed.filter((thread) => !stored.get(thread.tid)?.is_queued).map((thread) => queueFrom(thread, 1)),
    );
  // Stored threads without new posts were read by an earlier run that did not reach page 1.
  await checkThreads(run, listed, stored, { trust: true });
}

const isSpecial = (thread: ListedThread) =>
  thread.is_sticky || thread.is_global || thread.is_announcement || thread.is_important;

/** Walks from the first page to the fixpoint: below an unchanged complete thread, no thread has new posts. */
async function updatePass(run: Run, bid: number, threadCount: number, phase: Phase): Promise<boolean | Refused> {
  run.isUpdate = true;
  const fixpoints = threadCount > fewThreads ? await readFixpoints(run, bid) : new Set<number>();
  const checked = new Set<string>();
  const listedTids = new Set<number>();
  let isAtFixpoint = false;
  let isAtEnd = false;
  /** The oldest last post listed, Unix seconds. */
  let oldest = Number.POSITIVE_INFINITY;
  let stalePages = 0;
  let requested = 0;
  const onRequest = () => phase.detail(`${++requested} threads checked for new posts`);
  for (let page = 1; !isAtFixpoint; page++) {
    if (run.signal.aborted) return false;
    const document = await listingPage(run, bid, page);
    if (typeof document === "string") return document;
    const stored = await readStored(run, document.threads);
    const above: ListedThread[] = [];
    for (const thread of document.threads) {
      const before = stored.get(thread.tid);
      const isQuiet = before !== undefined && !isSpecial(thread) && thread.is_closed && isUnchanged(thread, before);
      if (isQuiet && fixpoints.has(thread.tid)) isAtFixpoint = true;
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
  await run.commitQueue.write({ kind: "walked", bid }, { kind: "unlisted", tids, isUnlisted: false });
  await checkMissing(run, bid, tids, isAtEnd ? null : oldest);
  return true;
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

/** The stored values of listed threads, by tid. */
async function readStored(run: Run, listed: ListedThread[]): Promise<Map<number, StoredThread>> {
  if (listed.length === 0) return new Map();
  const { tid, bid, last_pid, is_unlisted, est_number_of_replies, listed_last_post, page_shift } = threads;
  const tids = listed.map((thread) => thread.tid);
  const rows = await run.query((sql) =>
    drizzleOn(sql)
      .select({
        tid,
        bid,
        last_pid,
        is_unlisted,
        est_number_of_replies,
        listed_last_post,
        page_shift,
        is_gone: raw<boolean>`${threads.gone_at} is not null`,
        is_queued: raw<boolean>`${worldeaterTnu.tid} is not null`,
        last_timestamp: posts.timestamp,
      })
      .from(threads)
      .leftJoin(worldeaterTnu, eq(worldeaterTnu.tid, tid))
      .leftJoin(posts, eq(posts.pid, last_pid))
      .where(isAmong(tid, tids)),
  );
  return new Map(rows.map((thread) => [thread.tid, thread]));
}
