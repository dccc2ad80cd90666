/** Reading threads: page by page, and the check whether a listed thread has news. */
import type { Change } from "../store/changes.ts";
import { ForumRefuses, Unreadable } from "../forum/errors.ts";
import { each, fail, interrupted, type Run } from "./run.ts";
import { type ListedThread, maxId, type ThreadDocument } from "../read/xml.ts";

/** Entries of a full page, of threads and posts alike. */
export const perPage = 30;

/** What we know of a listed thread before this pass. */
export interface KnownThread {
  tid: number;
  bid: number | null;
  last_pid: number | null;
  is_gone: boolean;
  is_unlisted: boolean;
  is_queued: boolean;
  est_number_of_replies: number | null;
  listed_last_post: Date | null;
  /** Time of the post `last_pid`. */
  last_timestamp: Date | null;
  page_shift: number;
}

export interface Reading {
  tid: number;
  /** Page to begin with. */
  start: number;
  needs_tags: boolean;
  /** Whether we have posts of it. */
  is_known: boolean;
  /** As in the table `threads`. */
  page_shift: number;
  /** Told how many posts a page had. */
  tick?: (posts: number) => void;
  /** Asked behind each page that is not the last: whether the rest need not be read. */
  isEnough?: () => Promise<boolean>;
}

/**
 * Reads one thread from a page to its end. Where its last page shows that posts were inserted or vanished above the first
 * page read, it is read again from the start, once.
 * @throws Unreadable
 */
export async function readThread(run: Run, reading: Reading): Promise<void> {
  const { tid, needs_tags, is_known, page_shift } = reading;
  let { start } = reading;
  /** The last post of the page before; none before page 1, not known before a later start. */
  let before = start === 1 ? 0 : null;
  let shifts = 0;
  for (let page = start; ; page++) {
    const document = await run.forum.thread(tid, { page });
    if (document.kind === "refusal") return run.writer.write({ kind: "gone", tid, isListed: true });
    const last = lastPid(document);
    if (last !== null && before !== null && last <= before)
      throw new Unreadable(`page ${page} repeats the posts of the one before`);
    if (is_known && before && (await misses(run, document, before)) && (await hasShifted(run, tid, page - 1, before))) {
      if (++shifts > mostShifts) throw new Unreadable(`page ${page - 1} is another one every time`);
      before = null;
      page -= 2;
      continue;
    }
    reading.tick?.(document.entry_count);
    if (last !== null && document.entry_count >= perPage) {
      await run.writer.write(merge(run, document, { after: before, end: null }), {
        kind: "progress",
        tid,
        start_page: page + 1,
      });
      run.signal.throwIfAborted();
      before = last;
      if (await reading.isEnough?.()) return;
      continue;
    }
    const end = merge(run, document, { after: before, end: last ?? before });
    const shift =
      page === 1 ? 0 : (page - 1) * perPage - (await countPosts(run, tid, before ?? firstPid(document) - 1));
    if (shift !== page_shift && start > 1) {
      await run.writer.write(end, { kind: "progress", tid, start_page: 1 });
      start = 1;
      before = 0;
      page = 0;
      continue;
    }
    // Without its tags the thread is not done: interrupted here, the next run reads its last page again.
    try {
      const tags = needs_tags ? await readTags(run, tid) : [];
      const stored = Math.max(-maxId, Math.min(shift, maxId));
      const read: Change = start === 1 ? { kind: "read", tid, page_shift: stored } : { kind: "done", tid };
      return await run.writer.write(end, ...tags, read);
    } catch (error) {
      if (interrupted(run, error)) await run.writer.write(end);
      throw error;
    }
  }
}

export const lastPid = (document: ThreadDocument): number | null =>
  document.posts.length === 0 ? null : Math.max(...document.posts.map((post) => post.pid));

export const firstPid = (document: ThreadDocument): number =>
  Math.min(maxId, ...document.posts.map((post) => post.pid));

/** Posts of a thread that we hold, up to a pid. */
export async function countPosts(run: Run, tid: number, pid: number): Promise<number> {
  const [counted] = await run.query(
    (sql) =>
      sql<{ count: number }[]>`
        select count(*)::int as count from posts where tid = ${tid} and pid <= ${pid} and gone_at is null`,
  );
  return counted?.count ?? 0;
}

/**
 * How many posts the forum's pages hold above a page more than we do. Pages are full up to the last, so other threads' posts
 * that were merged in show on every page behind them, as do posts that vanished. NULL where the page does not tell.
 */
export async function shiftOf(run: Run, document: ThreadDocument): Promise<number | null> {
  const { page, posts, thread } = document;
  if (page === null || posts.length === 0) return null;
  return page === 1 ? 0 : (page - 1) * perPage - (await countPosts(run, thread.tid, firstPid(document) - 1));
}

/** Times that posts may move to the page before while a thread is read. */
const mostShifts = 5;

/** Whether we know of posts between the page before and this one. */
async function misses(run: Run, { thread, posts }: ThreadDocument, before: number): Promise<boolean> {
  const first = Math.min(...posts.map((post) => post.pid));
  if (posts.length === 0) return false;
  const [missing] = await run.query(
    (sql) =>
      sql`select from posts where tid = ${thread.tid} and pid > ${before} and pid < ${first} and gone_at is null limit 1`,
  );
  return missing !== undefined;
}

/** Whether a page no longer ends as it did: a post above vanished in between, and others moved up to it. */
async function hasShifted(run: Run, tid: number, page: number, last: number): Promise<boolean> {
  const again = await run.forum.thread(tid, { page });
  return again.kind === "refusal" || lastPid(again) !== last;
}

/** The change that merges a page. `after` and `end` as in {@link Change}. */
export function merge(
  run: Run,
  document: ThreadDocument,
  { after, end }: { after: number | null; end: number | null },
): Change {
  run.skipped_posts += document.skipped_count;
  for (const problem of document.problems) run.progress.note(problem);
  return { kind: "page", document, after, end };
}

/** The tags of a thread; nothing to write when they cannot be read, which is no reason to read its posts again. */
export async function readTags(run: Run, tid: number): Promise<Change[]> {
  try {
    return [{ kind: "tags", tid, tags: await run.forum.tags(tid) }];
  } catch (error) {
    if (error instanceof ForumRefuses && error.part === "tags") {
      if (!run.failures.some(({ what }) => what === "tags")) await fail(run, "tags", new Unreadable(error.message));
    } else if (error instanceof Unreadable) run.progress.note(error.message);
    else throw error;
    return [];
  }
}

/** Whether the listing says the same of a thread as when it was last checked. */
export function isUnchanged(listed: ListedThread, known: KnownThread): boolean {
  const before = known.listed_last_post ?? known.last_timestamp;
  return (
    !(known.is_gone && known.is_unlisted) &&
    before !== null &&
    listed.listed_last_post !== null &&
    before.getTime() === listed.listed_last_post * 1000 &&
    listed.est_number_of_replies === known.est_number_of_replies
  );
}

/** The change that puts a listed thread on the work list. */
export function queueFrom(listed: ListedThread, start_page: number): Change {
  const { tid, est_number_of_replies } = listed;
  const est_number_of_posts = est_number_of_replies === null ? null : Math.min(est_number_of_replies + 1, maxId);
  return { kind: "queue", tid, start_page, est_number_of_posts };
}

/**
 * Checks listed threads: new ones go to the work list, of the others the page of the last known post is asked for.
 * @param trust do not ask for threads of which the listing says what it said before
 * @param ask told when a thread is asked for
 */
export async function checkThreads(
  run: Run,
  listed: ListedThread[],
  known: Map<number, KnownThread>,
  { trust, ask = () => {} }: { trust: boolean; ask?: () => void },
): Promise<void> {
  const settled: Change[][] = [];
  const toAsk: { thread: ListedThread; before: Asked; unchanged: boolean }[] = [];
  for (const thread of listed) {
    const before = known.get(thread.tid);
    const unchanged = before !== undefined && isUnchanged(thread, before);
    const listing: Change = { kind: "listed", threads: [thread] };
    // Being read just now: the listing may know more than what was read. The next pass compares with what it said before.
    if (before?.is_queued && run.begun.has(thread.tid)) continue;
    if (before?.is_queued || (before?.is_gone && unchanged)) settled.push([listing]);
    else if (!before?.last_pid) settled.push([listing, queueFrom(thread, 1)]);
    else if (trust && unchanged) settled.push([listing]);
    else toAsk.push({ thread, before: { ...before, last_pid: before.last_pid }, unchanged });
  }
  await Promise.all(settled.map((changes) => run.writer.write(...changes)));
  await each(run, toAsk, ({ thread, before, unchanged }) => {
    ask();
    return checkThread(run, thread, before, unchanged);
  });
}

/** A thread of which we have posts. */
type Asked = KnownThread & { last_pid: number };

/**
 * Checks one thread and merges the page of its last known post; what else there is to read goes to the work list.
 * The listing's values are written with the outcome: killed in between, the next pass still sees that they changed.
 */
async function checkThread(run: Run, listed: ListedThread, before: Asked, unchanged: boolean): Promise<void> {
  const { tid } = listed;
  const { last_pid, page_shift } = before;
  const listing: Change = { kind: "listed", threads: [listed] };
  try {
    const document = await run.forum.thread(tid, { pid: last_pid });
    if (document.kind === "refusal") return await run.writer.write(listing, { kind: "gone", tid, isListed: true });
    const outcome = await judge(run, listed, document, last_pid, unchanged);
    run.asked.set(tid, { isWhole: document.page === 1 && outcome.end !== null });
    const after = document.page === 1 ? 0 : null;
    await run.writer.write(merge(run, document, { after, end: outcome.end }));
    const shift = outcome.hasNews && outcome.end !== null ? await shiftOf(run, document) : null;
    if (shift !== null && shift !== page_shift) outcome.queue = [queueFrom(listed, 1)];
    const tags = outcome.hasNews ? await readTags(run, tid) : [];
    await run.writer.write(listing, ...tags, ...outcome.queue);
  } catch (error) {
    if (interrupted(run, error)) throw error;
    await fail(run, `thread ${tid}`, error);
    run.unreadable.add(tid);
    await run.writer.write(listing, queueFrom(listed, 1));
  }
}

interface Outcome {
  /** As in {@link Change}: behind which post the thread ends, where we know. */
  end: number | null;
  queue: Change[];
  hasNews: boolean;
}

/** What the page of our last post says about the thread. */
async function judge(
  run: Run,
  listed: ListedThread,
  document: ThreadDocument,
  last_pid: number,
  unchanged: boolean,
): Promise<Outcome> {
  const page = document.page ?? 1;
  const last = lastPid(document);
  // The forum counts hidden posts for a post's position (thread 213929 has an empty page 50), so the page can be empty or
  // begin behind our last post. What lies between was perhaps never seen: from the start, but not on every pass.
  const skips = last === null || (page > 1 && document.posts.every((post) => post.pid > last_pid));
  if (skips)
    return unchanged
      ? { end: null, queue: [], hasNews: false }
      : { end: null, queue: [queueFrom(listed, 1)], hasNews: true };
  const hasNews = !unchanged || last > last_pid;
  if (document.entry_count < perPage) return { end: last, queue: [], hasNews };
  // The page is full, so the next one decides; without news in the listing it was empty the last time and is so now.
  if (unchanged && last === last_pid) return { end: null, queue: [], hasNews: false };
  const next = await run.forum.thread(listed.tid, { page: page + 1 });
  const isEnd = next.kind !== "refusal" && next.posts.length === 0;
  return isEnd ? { end: last, queue: [], hasNews } : { end: null, queue: [queueFrom(listed, page + 1)], hasNews };
}
