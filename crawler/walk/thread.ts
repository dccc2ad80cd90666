/** Checks whether listed threads have new posts. */
import type { Row } from "@potstats/db/row";
import type { threads } from "@potstats/db/crawled";
import { type ListedThread, maxId, type ThreadDocument } from "../read/xml.ts";
import type { Change } from "../store/changes.ts";
import { postCount, vanishedFrom } from "./coverage.ts";
import { countPosts, lastPid, merge, perPage, shiftOf, vanish } from "./pages.ts";
import { forEach, isInterruption, recordFailure, type Run } from "./run.ts";
import { readTags } from "./tags.ts";

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
    const found = await run.forum.thread(tid, { pid: last_pid });
    if (found.kind === "refusal") return await run.commitQueue.write(listing, { kind: "gone", tid, isListed: true });
    const document = !unchanged && skips(found, last_pid) ? await pageOfLast(run, before, found) : found;
    const outcome = await judge(run, listed, document, last_pid, unchanged);
    const { isEnd, hasNewPosts, total } = outcome;
    run.checkedThreads.set(tid, { isWhole: document.page === 1 && isEnd, total });
    await run.commitQueue.write(merge(run, document));
    const vanished = await vanishedFrom(run, { document, isEnd }, total);
    const shift = hasNewPosts && isEnd ? await shiftOf(run, document) : null;
    const isRead = (shift === null || shift === page_shift) && (vanished !== null || total === null);
    if (vanished === null && outcome.next !== null) outcome.next--;
    const next = isRead ? outcome.next : 1;
    const tags = hasNewPosts ? await readTags(run, tid) : [];
    const queue = next === null ? [] : [queueFrom(listed, next)];
    await run.commitQueue.write(listing, vanish(tid, vanished ?? []), ...tags, ...queue);
  } catch (error) {
    if (isInterruption(run, error)) throw error;
    await recordFailure(run, `thread ${tid}`, error);
    run.unreadableThreads.add(tid);
    await run.commitQueue.write(listing, queueFrom(listed, 1));
  }
}

/**
 * Whether the page of a post is empty or begins after the post: the forum counts hidden posts for a post's position
 * (thread 213929 has an empty page 50).
 */
const skips = ({ page, posts }: ThreadDocument, pid: number): boolean =>
  posts.length === 0 || ((page ?? 1) > 1 && posts.every((post) => post.pid > pid));

/**
 * The page that holds the last stored post according to the number of stored posts.
 * @param found the page that the forum sent instead; returned if there is no such page
 */
async function pageOfLast(run: Run, before: ThreadWithPosts, found: ThreadDocument): Promise<ThreadDocument> {
  const { tid, last_pid, page_shift } = before;
  const page = Math.max(1, Math.ceil(((await countPosts(run, tid, maxId)) + page_shift) / perPage));
  if (page === found.page) return found;
  const document = await run.forum.thread(tid, { page });
  if (document.kind === "refusal" || !document.posts.some(({ pid }) => pid === last_pid)) return found;
  // If posts have vanished or were merged in before this page, the thread has to be read from the start.
  const isInPlace = page === 1 ? page_shift === 0 : (await shiftOf(run, document)) === page_shift;
  return isInPlace ? document : found;
}

interface Outcome {
  /** Whether the page is the thread's last one. */
  isEnd: boolean;
  /** Number of posts in the forum; null if unknown. */
  total: number | null;
  /** The page that remains to be read first; null if none. */
  next: number | null;
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
  // Posts in between may be missing: read from the start, but not on every pass.
  if (last === null || skips(document, last_pid))
    return { isEnd: false, total: null, next: unchanged ? null : 1, hasNewPosts: !unchanged };
  const hasNewPosts = !unchanged || last > last_pid;
  const total = postCount(document);
  if (document.entry_count < perPage) return { isEnd: true, total, next: null, hasNewPosts };
  // The page is full, so the next page decides. It was empty last time, and still is if the listing is unchanged.
  if (unchanged && last === last_pid) return { isEnd: false, total, next: null, hasNewPosts: false };
  const next = await run.forum.thread(listed.tid, { page: page + 1 });
  const isEnd = next.kind !== "refusal" && next.posts.length === 0;
  return isEnd ? { isEnd, total, next: null, hasNewPosts } : { isEnd, total: null, next: page + 1, hasNewPosts };
}
