/** Walking a board's listing: from the last page to the first on the initial pass, from the first to the fixpoint afterwards. */
import type { Phase } from "@potstats/cli/progress";
import { Unreadable } from "../forum/errors.ts";
import { lookAt } from "./patrol.ts";
import { checkThreads, isUnchanged, type KnownThread, perPage, queueFrom } from "./thread.ts";
import { fail, interrupted, type Run } from "./run.ts";
import { type BoardDocument, type ListedThread, maxId } from "../read/xml.ts";

/** Threads of a board that must be known before a complete one may end a walk. */
const fewThreads = 30;

/** Walks one board. Boards that do not let us in are reported and skipped. @returns whether the walk came to its end */
export async function walkBoard(run: Run, bid: number, force: boolean): Promise<boolean> {
  const [state] = await run.query(
    (sql) => sql<{ walked: boolean; known: number }[]>`
      select coalesce((select initial_pass_at is not null from boards where bid = ${bid}), false)
          or exists (select from threads where bid = ${bid} and revision = 0) as walked,
        (select count(*)::int from threads where bid = ${bid}) as known`,
  );
  const known = state?.known ?? 0;
  const initial = force || known === 0 || !state?.walked;
  const phase = run.progress.phase(`board ${bid}`, { unit: "listing pages" });
  try {
    const walked = initial ? await initialPass(run, bid, force, phase) : await updatePass(run, bid, known, phase);
    if (typeof walked === "string") {
      phase.done(`${walked}, skipped`);
      if (known > 0) await withdrawThreads(run, bid);
      return false;
    }
    phase.done(walked ? "" : "interrupted");
    return walked;
  } catch (error) {
    const isInterrupted = interrupted(run, error);
    phase.done(isInterrupted ? "interrupted" : "failed");
    if (isInterrupted) return false;
    await fail(run, `board ${bid}`, error);
    return false;
  }
}

/**
 * The threads of a board that can no longer be read are most likely withdrawn with it: each is asked for, the newest first,
 * until one of them is still there.
 */
async function withdrawThreads(run: Run, bid: number): Promise<void> {
  let isThere = false;
  while (!isThere && !run.signal.aborted) {
    const [newest] = await run.query(
      (sql) => sql<{ tid: number; page_shift: number }[]>`
        select tid, page_shift from threads
        where bid = ${bid} and gone_at is null and tid <> all(${[...run.unreadable]}::int[])
        order by last_pid desc nulls last limit 1`,
    );
    if (!newest) return;
    isThere = await lookAt(run, { ...newest, check_page: 0, needs_tags: false });
  }
}

/** The root of a document that refuses. */
type Refused = string;

async function listingPage(run: Run, bid: number, page: number): Promise<BoardDocument | Refused> {
  const document = await run.forum.board(bid, page);
  if (document.kind === "refusal") return document.root;
  for (const problem of document.problems) run.progress.note(problem);
  return document;
}

const pagesOf = (count: number | null) => Math.min(mostPages, Math.max(1, Math.ceil((count ?? 0) / perPage)));

/**
 * Last page to first: threads with a new post move to where we still have to go, but push quiet neighbours onto pages
 * that were read already. If the front of the list moved meanwhile, a second walk picks those up.
 */
async function initialPass(run: Run, bid: number, force: boolean, phase: Phase): Promise<boolean | Refused> {
  const first = await listingPage(run, bid, 1);
  if (typeof first === "string") return first;
  const end = first.entry_count < perPage ? { page: 1, document: first } : await lastPage(run, bid, first);
  if (typeof end === "string") return end;
  phase.total(end.page);
  let page1 = first;
  for (let page = end.page; page >= 1; page--) {
    if (run.signal.aborted) return false;
    const current = page === end.page ? end.document : await listingPage(run, bid, page);
    if (typeof current === "string") return current;
    await queueListed(run, current.threads, force);
    if (page === 1) page1 = current;
    phase.add();
  }
  if (frontOf(page1) !== frontOf(first)) {
    phase.total(2 * end.page - 1);
    for (let page = 2; page <= end.page; page++) {
      if (run.signal.aborted) return false;
      const current = await listingPage(run, bid, page);
      if (typeof current === "string") return current;
      const known = await knownThreads(run, current.threads);
      const missed = current.threads.filter((thread) => !known.has(thread.tid));
      await queueListed(run, missed, false);
      phase.add();
    }
  }
  await run.writer.write({ kind: "walked", bid });
  return true;
}

/** What moves when anything in the list moves: the newest thread and its last post. */
function frontOf(page: BoardDocument): string {
  const newest = page.threads.find((thread) => !isSpecial(thread));
  return `${newest?.tid} ${newest?.listed_last_post}`;
}

/**
 * The last page with threads on it. The list can be longer than its counter says (globals from elsewhere) and shorter
 * (hidden threads), so the counter is only where the search begins.
 */
async function lastPage(
  run: Run,
  bid: number,
  first: BoardDocument,
): Promise<{ page: number; document: BoardDocument } | Refused> {
  let full = { page: 1, document: first };
  let empty = Number.POSITIVE_INFINITY;
  let page = Math.max(2, pagesOf(first.number_of_threads));
  for (let step = 1; ; step *= 2) {
    if (page > mostPages) throw new Unreadable(`page ${full.page} is full, and there is no end of pages`);
    const document = await listingPage(run, bid, page);
    if (typeof document === "string") return document;
    if (document.entry_count >= perPage && isSamePage(document, full.document))
      throw new Unreadable(`pages ${full.page} and ${page} are the same`);
    if (document.entry_count >= perPage) full = { page, document };
    else if (document.entry_count > 0) return { page, document };
    else empty = page;
    if (empty === full.page + 1) return full;
    page = empty === Number.POSITIVE_INFINITY ? page + step : Math.floor((full.page + empty) / 2);
  }
}

/** Pages of a list of all threads that there can be: thread ids are below 2³¹. */
const mostPages = Math.ceil(maxId / perPage);

const isSamePage = (one: BoardDocument, other: BoardDocument): boolean =>
  one.threads.length === other.threads.length && one.threads.every(({ tid }, at) => tid === other.threads[at]?.tid);

/** Threads for the work list: the unknown, and the known with news; all of them when forced. */
async function queueListed(run: Run, threads: ListedThread[], force: boolean): Promise<void> {
  const known = await knownThreads(run, threads);
  if (force)
    return run.writer.write(
      { kind: "listed", threads },
      ...threads.filter((thread) => !known.get(thread.tid)?.is_queued).map((thread) => queueFrom(thread, 1)),
    );
  // Those without news were read by an earlier run that did not reach page 1.
  await checkThreads(run, threads, known, { trust: true });
}

const isSpecial = (thread: ListedThread) =>
  thread.is_sticky || thread.is_global || thread.is_announcement || thread.is_important;

/** First page to the fixpoint: below a complete thread without news there are no news. */
async function updatePass(run: Run, bid: number, known: number, phase: Phase): Promise<boolean | Refused> {
  run.isUpdate = true;
  const fixpoints = known > fewThreads ? await fixpointsOf(run, bid) : new Set<number>();
  const checked = new Set<string>();
  const met = new Set<number>();
  let found = false;
  let isEnd = false;
  /** The oldest last post met, Unix seconds. */
  let oldest = Number.POSITIVE_INFINITY;
  let stale = 0;
  let asked = 0;
  const ask = () => phase.detail(`${++asked} threads asked for news`);
  for (let page = 1; !found; page++) {
    if (run.signal.aborted) return false;
    const document = await listingPage(run, bid, page);
    if (typeof document === "string") return document;
    const before = await knownThreads(run, document.threads);
    const above: ListedThread[] = [];
    for (const thread of document.threads) {
      const state = before.get(thread.tid);
      const isQuiet = state !== undefined && !isSpecial(thread) && thread.is_closed && isUnchanged(thread, state);
      if (isQuiet && fixpoints.has(thread.tid)) found = true;
      // The list moves while it is walked: what was pushed onto this page has been checked on the one before.
      const key = `${thread.tid} ${thread.listed_last_post} ${thread.est_number_of_replies}`;
      if (checked.has(key) || run.globals.has(key)) continue;
      checked.add(key);
      if (thread.is_global) run.globals.add(key);
      if (!found || state?.bid !== thread.bid) above.push(thread);
    }
    await checkThreads(run, above, before, { trust: false, ask });
    phase.add();
    if (run.signal.aborted) return false;
    const isNew = document.threads.some(({ tid }) => !met.has(tid));
    for (const thread of document.threads) {
      met.add(thread.tid);
      if (!isSpecial(thread)) oldest = Math.min(oldest, thread.listed_last_post ?? oldest);
    }
    isEnd = document.entry_count < perPage;
    if (isEnd) break;
    stale = isNew ? 0 : stale + 1;
    if (stale >= mostStale) throw new Unreadable(`pages ${page - stale + 1} to ${page} repeat what came before`);
  }
  await run.writer.write({ kind: "walked", bid }, { kind: "unlisted", tids: [...met], isUnlisted: false });
  await lookForMissing(run, bid, [...met], isEnd ? null : oldest);
  return true;
}

/** Threads that are missing in a listing and can be read all the same, after which a pass looks for no more of them. */
const mostUnlisted = 10;

/**
 * Threads that should have been met: they were deleted, withdrawn, merged or moved, or a post lifted them past us.
 * @param oldest last post of those met, Unix seconds; null: the whole list was walked
 */
async function lookForMissing(run: Run, bid: number, met: number[], oldest: number | null): Promise<void> {
  const missing = await run.query(
    (sql) => sql<{ tid: number; check_page: number | null; page_shift: number; needs_tags: boolean }[]>`
      select tid, check_page, page_shift, tags is null as needs_tags from threads
      where bid = ${bid} and gone_at is null and not is_unlisted and tid <> all(${met}::int[])
        and (${oldest}::float8 is null or listed_last_post > to_timestamp(${oldest}::float8) at time zone 'UTC')
        and not exists (select from worldeater_tnu as w where w.tid = threads.tid) and tid <> all(${[...run.unreadable]}::int[])
      order by last_pid desc nulls last limit 1000`,
  );
  let readable = 0;
  for (const thread of missing) {
    if (run.signal.aborted || readable >= mostUnlisted) return;
    if (!(await lookAt(run, thread))) continue;
    readable++;
    await run.writer.write({ kind: "unlisted", tids: [thread.tid], isUnlisted: true });
  }
}

/** Pages without a thread that was not met before, after which a listing is taken to go round in circles. */
const mostStale = 20;

/** The complete thread with the highest last_pid; those after it stand by, should it have changed since. */
async function fixpointsOf(run: Run, bid: number): Promise<Set<number>> {
  const found = await run.query(
    (sql) => sql<{ tid: number }[]>`
      select tid from threads
      where bid = ${bid} and is_complete and gone_at is null and last_pid is not null
        and not coalesce(is_announcement, false) and not coalesce(is_important, false)
      order by last_pid desc limit 30`,
  );
  return new Set(found.map((thread) => thread.tid));
}

async function knownThreads(run: Run, listed: ListedThread[]): Promise<Map<number, KnownThread>> {
  if (listed.length === 0) return new Map();
  const tids = listed.map((thread) => thread.tid);
  const known = await run.query(
    (sql) => sql<KnownThread[]>`
      select t.tid, t.bid, t.last_pid, t.gone_at is not null as is_gone, t.is_unlisted, w.tid is not null as is_queued,
        t.est_number_of_replies, t.listed_last_post, t.page_shift, p.timestamp as last_timestamp
      from threads as t
      left join worldeater_tnu as w on w.tid = t.tid
      left join posts as p on p.pid = t.last_pid
      where t.tid = any(${tids}::int[])`,
  );
  return new Map(known.map((thread) => [thread.tid, thread]));
}
