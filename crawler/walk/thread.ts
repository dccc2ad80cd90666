/** Reads threads page by page, and checks whether a listed thread has new posts. */
import type { Row } from "@potstats/db/row";
import type { threads } from "@potstats/db/crawled";
import { ForumRefusesError, UnreadableError } from "../forum/errors.ts";
import { type ListedThread, maxId, type ThreadDocument } from "../read/xml.ts";
import type { Change } from "../store/changes.ts";
import { forEach, isInterruption, recordFailure, type Run } from "./run.ts";

/** Entries of a full page, in listings and in threads. */
export const perPage = 30;

/** The stored values of a listed thread before this pass. */
export type StoredThread = Row<
  typeof threads,
  "tid" | "bid" | "last_pid" | "is_unlisted" | "est_number_of_replies" | "listed_last_post" | "page_shift"
> & {
  is_gone: boolean;
  is_queued: boolean;
  /** Time of the post `last_pid`. */
  last_timestamp: Date | null;
};

export interface Reading {
  tid: number;
  /** Page to begin with. */
  start: number;
  needs_tags: boolean;
  /** Whether posts of it are stored. */
  is_known: boolean;
  /** As in the table `threads`. */
  page_shift: number;
  /** Receives the number of posts on each page. */
  tick?: (posts: number) => void;
  /** Called after each page except the last: whether reading may stop there. */
  isEnough?: () => Promise<boolean>;
}

/**
 * Reads one thread from a page to its end. If the last page shows that posts were inserted or vanished above the first
 * page that was read, the thread is read again from the start, once.
 * @throws UnreadableError
 */
export async function readThread(run: Run, reading: Reading): Promise<void> {
  const { tid, is_known, page_shift } = reading;
  let { start } = reading;
  /** The last pid of the page before; 0 before page 1, null (unknown) if the first page read is a later one. */
  let before = start === 1 ? 0 : null;
  let shiftCount = 0;
  for (let page = start; ; page++) {
    const document = await run.forum.thread(tid, { page });
    if (document.kind === "refusal") return run.commitQueue.write({ kind: "gone", tid, isListed: true });
    const last = lastPid(document);
    if (last !== null && before !== null && last <= before)
      throw new UnreadableError(`page ${page} repeats the posts of the previous page`);
    if (is_known && before && (await misses(run, document, before)) && (await hasShifted(run, tid, page - 1, before))) {
      if (++shiftCount > maxShifts) throw new UnreadableError(`page ${page - 1} is different every time`);
      before = null;
      page -= 2;
      continue;
    }
    reading.tick?.(document.entry_count);
    if (last !== null && document.entry_count >= perPage) {
      const progress: Change = { kind: "progress", tid, start_page: page + 1 };
      await run.commitQueue.write(merge(run, document, { after: before, end: null }), progress);
      run.signal.throwIfAborted();
      before = last;
      if (await reading.isEnough?.()) return;
      continue;
    }
    const end = merge(run, document, { after: before, end: last ?? before });
    const stored = page === 1 ? 0 : await countPosts(run, tid, before ?? firstPid(document) - 1);
    const shift = (page - 1) * perPage - stored;
    if (shift === page_shift || start === 1) return finishThread(run, { ...reading, start }, end, shift);
    await run.commitQueue.write(end, { kind: "progress", tid, start_page: 1 });
    start = 1;
    before = 0;
    page = 0;
  }
}

/** Writes the last page with the tags. If interrupted before it has the tags, the next run reads the page again. */
async function finishThread(run: Run, { tid, start, needs_tags }: Reading, end: Change, shift: number): Promise<void> {
  try {
    const tags = needs_tags ? await readTags(run, tid) : [];
    const page_shift = Math.max(-maxId, Math.min(shift, maxId));
    const outcome: Change = start === 1 ? { kind: "read", tid, page_shift } : { kind: "done", tid };
    await run.commitQueue.write(end, ...tags, outcome);
  } catch (error) {
    if (isInterruption(run, error)) await run.commitQueue.write(end);
    throw error;
  }
}

export const lastPid = (document: ThreadDocument): number | null =>
  document.posts.length === 0 ? null : Math.max(...document.posts.map((post) => post.pid));

export const firstPid = (document: ThreadDocument): number =>
  Math.min(maxId, ...document.posts.map((post) => post.pid));

/** Counts the stored posts of a thread up to a pid. */
export async function countPosts(run: Run, tid: number, pid: number): Promise<number> {
  const [row] = await run.query(
    (sql) => sql<{ count: number }[]>`
      select count(*)::int as count from posts where tid = ${tid} and pid <= ${pid} and gone_at is null`,
  );
  return row?.count ?? 0;
}

/**
 * How many more posts the forum has before a page than are stored. All pages except the last are full, so posts that
 * were merged in from other threads shift every later page, and so do posts that vanished.
 * @returns null if the page does not show it
 */
export async function shiftOf(run: Run, document: ThreadDocument): Promise<number | null> {
  const { page, posts, thread } = document;
  if (page === null || posts.length === 0) return null;
  return page === 1 ? 0 : (page - 1) * perPage - (await countPosts(run, thread.tid, firstPid(document) - 1));
}

/** How often posts may move to the previous page while a thread is read. */
const maxShifts = 5;

/** Whether there are stored posts between the previous page and this one. */
async function misses(run: Run, { thread, posts }: ThreadDocument, before: number): Promise<boolean> {
  const first = Math.min(...posts.map((post) => post.pid));
  if (posts.length === 0) return false;
  const [missing] = await run.query(
    (sql) =>
      sql`select from posts where tid = ${thread.tid} and pid > ${before} and pid < ${first} and gone_at is null limit 1`,
  );
  return missing !== undefined;
}

/** Whether a page ends differently now: a post before its end has vanished meanwhile, so that later ones moved up. */
async function hasShifted(run: Run, tid: number, page: number, last: number): Promise<boolean> {
  const document = await run.forum.thread(tid, { page });
  return document.kind === "refusal" || lastPid(document) !== last;
}

/** Creates the change that merges a page, and reports its problems. `after` and `end` as in {@link Change}. */
export function merge(
  run: Run,
  document: ThreadDocument,
  { after, end }: { after: number | null; end: number | null },
): Change {
  run.skipped_posts += document.skipped_count;
  for (const problem of document.problems) run.progress.note(problem);
  return { kind: "page", document, after, end };
}

/** Reads the tags of a thread. @returns no change if they cannot be read: the posts need not be read again for that */
export async function readTags(run: Run, tid: number): Promise<Change[]> {
  try {
    return [{ kind: "tags", tid, tags: await run.forum.tags(tid) }];
  } catch (error) {
    if (error instanceof ForumRefusesError && error.part === "tags") {
      if (!run.failures.some(({ what }) => what === "tags"))
        await recordFailure(run, "tags", new UnreadableError(error.message));
    } else if (error instanceof UnreadableError) run.progress.note(error.message);
    else throw error;
    return [];
  }
}

/** Whether the listing shows the same values of a thread as at its last check. */
export function isUnchanged(listed: ListedThread, stored: StoredThread): boolean {
  const before = stored.listed_last_post ?? stored.last_timestamp;
  return (
    !(stored.is_gone && stored.is_unlisted) &&
    before !== null &&
    listed.listed_last_post !== null &&
    before.getTime() === listed.listed_last_post * 1000 &&
    listed.est_number_of_replies === stored.est_number_of_replies
  );
}

/** Creates the change that puts a listed thread on the work list. */
export function queueFrom(listed: ListedThread, start_page: number): Change {
  const { tid, est_number_of_replies } = listed;
  const est_number_of_posts = est_number_of_replies === null ? null : Math.min(est_number_of_replies + 1, maxId);
  return { kind: "queue", tid, start_page, est_number_of_posts };
}

/**
 * Checks listed threads. New ones are put on the work list; for the others, the page of the last stored post is
 * requested.
 * @param trust skip threads whose listing is unchanged
 * @param onRequest called for each requested thread
 */
export async function checkThreads(
  run: Run,
  listed: ListedThread[],
  stored: Map<number, StoredThread>,
  { trust, onRequest = () => {} }: { trust: boolean; onRequest?: () => void },
): Promise<void> {
  const settled: Change[][] = [];
  const unsettled: { thread: ListedThread; before: ThreadWithPosts; unchanged: boolean }[] = [];
  for (const thread of listed) {
    const before = stored.get(thread.tid);
    const unchanged = before !== undefined && isUnchanged(thread, before);
    const listing: Change = { kind: "listed", threads: [thread] };
    // The thread is being read, and its listing may be newer than its pages. The listing is not stored, so that the
    // next pass detects a change.
    if (before?.is_queued && run.begunThreads.has(thread.tid)) continue;
    if (before?.is_queued || (before?.is_gone && unchanged)) settled.push([listing]);
    else if (!before?.last_pid) settled.push([listing, queueFrom(thread, 1)]);
    else if (trust && unchanged) settled.push([listing]);
    else unsettled.push({ thread, before: { ...before, last_pid: before.last_pid }, unchanged });
  }
  await Promise.all(settled.map((changes) => run.commitQueue.write(...changes)));
  await forEach(run, unsettled, ({ thread, before, unchanged }) => {
    onRequest();
    return checkThread(run, thread, before, unchanged);
  });
}

type ThreadWithPosts = StoredThread & { last_pid: number };

/**
 * Checks one thread: merges the page of its last stored post, and puts the thread on the work list if there is more to
 * read. The listing's values are written with the outcome: after a kill in between, the next pass still detects that
 * they changed.
 */
async function checkThread(run: Run, listed: ListedThread, before: ThreadWithPosts, unchanged: boolean): Promise<void> {
  const { tid } = listed;
  const { last_pid, page_shift } = before;
  const listing: Change = { kind: "listed", threads: [listed] };
  try {
    const document = await run.forum.thread(tid, { pid: last_pid });
    if (document.kind === "refusal") return await run.commitQueue.write(listing, { kind: "gone", tid, isListed: true });
    const outcome = await judge(run, listed, document, last_pid, unchanged);
    run.checkedThreads.set(tid, { isWhole: document.page === 1 && outcome.end !== null });
    const after = document.page === 1 ? 0 : null;
    await run.commitQueue.write(merge(run, document, { after, end: outcome.end }));
    const shift = outcome.hasNewPosts && outcome.end !== null ? await shiftOf(run, document) : null;
    if (shift !== null && shift !== page_shift) outcome.queue = [queueFrom(listed, 1)];
    const tags = outcome.hasNewPosts ? await readTags(run, tid) : [];
    await run.commitQueue.write(listing, ...tags, ...outcome.queue);
  } catch (error) {
    if (isInterruption(run, error)) throw error;
    await recordFailure(run, `thread ${tid}`, error);
    run.unreadableThreads.add(tid);
    await run.commitQueue.write(listing, queueFrom(listed, 1));
  }
}

interface Outcome {
  /** The pid of the thread's last post, as in {@link Change}; null if unknown. */
  end: number | null;
  queue: Change[];
  hasNewPosts: boolean;
}

/** Decides from the page of the last stored post what remains to be read. */
async function judge(
  run: Run,
  listed: ListedThread,
  document: ThreadDocument,
  last_pid: number,
  unchanged: boolean,
): Promise<Outcome> {
  const page = document.page ?? 1;
  const last = lastPid(document);
  // The forum counts hidden posts for a post's position (thread 213929 has an empty page 50), so the page can be empty
  // or begin after the last stored post. Posts in between may be missing: read from the start, but not on every pass.
  const skips = last === null || (page > 1 && document.posts.every((post) => post.pid > last_pid));
  if (skips)
    return unchanged
      ? { end: null, queue: [], hasNewPosts: false }
      : { end: null, queue: [queueFrom(listed, 1)], hasNewPosts: true };
  const hasNewPosts = !unchanged || last > last_pid;
  if (document.entry_count < perPage) return { end: last, queue: [], hasNewPosts };
  // The page is full, so the next page decides. It was empty last time, and still is if the listing is unchanged.
  if (unchanged && last === last_pid) return { end: null, queue: [], hasNewPosts: false };
  const next = await run.forum.thread(listed.tid, { page: page + 1 });
  const isEnd = next.kind !== "refusal" && next.posts.length === 0;
  return isEnd
    ? { end: last, queue: [], hasNewPosts }
    : { end: null, queue: [queueFrom(listed, page + 1)], hasNewPosts };
}
