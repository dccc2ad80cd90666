/** Reading threads: page by page from the work list, and the check whether a listed thread has news. */
import type { Change } from "./changes.ts";
import { Unreadable } from "./forum.ts";
import { decodeHtml, parseTags } from "./profiles.ts";
import { each, fail, type Run } from "./run.ts";
import { BrokenDocument, type ForumDocument, type ListedThread, type ThreadDocument } from "./xml.ts";

/** Entries of a full page, of threads and posts alike. */
export const perPage = 30;

/** What we know of a listed thread before this pass. */
export interface KnownThread {
  tid: number;
  bid: number | null;
  last_pid: number | null;
  is_complete: boolean | null;
  is_gone: boolean;
  is_queued: boolean;
  est_number_of_replies: number | null;
  listed_last_post: Date | null;
  last_timestamp: Date | null;
}

/** Reads every thread on the work list to its end. A thread that cannot be read stays on it. */
export async function drainWorkList(run: Run): Promise<void> {
  await run.writer.flush();
  const [size] = await run.sql<{ count: number }[]>`select count(*)::int as count from worldeater_tnu`;
  if (!size?.count) return;
  const phase = run.progress.phase("threads", { unit: "threads", total: size.count });
  let after = 0;
  while (!run.signal.aborted) {
    const list = await run.sql<{ tid: number; start_page: number | null }[]>`
      select tid, start_page from worldeater_tnu where tid > ${after} order by tid limit 500`;
    if (list.length === 0) break;
    await each(run, list, async ({ tid, start_page }) => {
      phase.detail(`thread ${tid}`);
      try {
        await readThread(run, tid, Math.max(start_page ?? 1, 1));
      } catch (error) {
        if (run.signal.aborted && error === run.signal.reason) return;
        await fail(run, `thread ${tid}`, error);
      }
      phase.add();
    });
    after = list.at(-1)?.tid ?? after;
  }
  await run.writer.flush();
  phase.done();
}

/** Reads one thread from a page to its end. @throws Unreadable */
async function readThread(run: Run, tid: number, start: number): Promise<void> {
  let highest = 0;
  for (let page = start; ; page++) {
    const document = answered(await run.forum.thread(tid, { page }), tid);
    if (document === "gone") return run.writer.write({ kind: "gone", tid });
    if (document === "no-access") {
      run.progress.note(`thread ${tid}: no access, skipped`);
      return run.writer.write({ kind: "done", tid });
    }
    if (document.page !== null && document.page !== page)
      throw new Unreadable(`page ${page} was answered with page ${document.page}`);
    const last = Math.max(0, ...document.posts.map((post) => post.pid));
    if (document.posts.length > 0 && last <= highest)
      throw new Unreadable(`page ${page} repeats the posts of the one before`);
    highest = Math.max(highest, last);
    const is_end = document.posts.length === 0 || document.entry_count < perPage;
    const merge = pageChange(run, document, is_end);
    if (is_end) {
      const tags = await readTags(run, tid);
      return run.writer.write(merge, ...tags, { kind: "done", tid });
    }
    await run.writer.write(merge, { kind: "progress", tid, start_page: page + 1 });
    run.signal.throwIfAborted();
  }
}

function pageChange(run: Run, document: ThreadDocument, is_end: boolean): Change {
  run.skipped_posts += document.skipped_count;
  for (const problem of document.problems) run.progress.note(problem);
  return { kind: "page", document, is_end };
}

/** The tags of a thread; none to write when they cannot be read, which is no reason to read the thread again. */
async function readTags(run: Run, tid: number): Promise<Change[]> {
  try {
    return [{ kind: "tags", tid, tags: parseTags(decodeHtml(await run.forum.threadHtml(tid)), tid) }];
  } catch (error) {
    if (error instanceof BrokenDocument || error instanceof Unreadable) {
      run.progress.note(`tags of thread ${tid} could not be read: ${error.message}`);
      return [];
    }
    throw error;
  }
}

/** Sorts the answers to a request for a thread. @throws Unreadable for what is no answer to it */
function answered(document: ForumDocument, tid: number): ThreadDocument | "gone" | "no-access" {
  if (document.kind === "thread") {
    if (document.thread.tid !== tid) throw new Unreadable(`the answer is about thread ${document.thread.tid}`);
    return document;
  }
  const root = document.kind === "refusal" ? document.root : document.kind;
  if (root === "invalid-thread" || root === "thread-hidden") return "gone";
  if (root === "no-access") return "no-access";
  throw new Unreadable(`the answer is <${root}>`);
}

/** Whether the listing says the same of a thread as when it was last checked. */
export function isUnchanged(listed: ListedThread, known: KnownThread): boolean {
  const before = known.listed_last_post ?? known.last_timestamp;
  return (
    before !== null &&
    listed.listed_last_post !== null &&
    before.getTime() === listed.listed_last_post * 1000 &&
    listed.est_number_of_replies === known.est_number_of_replies
  );
}

/**
 * Checks one listed thread and merges the page of its last known post. Whatever page follows goes to the work list. The
 * listing's values are written with the outcome: killed in between, the next pass still sees that they changed.
 */
export async function checkThread(run: Run, listed: ListedThread, known: KnownThread | undefined): Promise<void> {
  const { tid } = listed;
  const listing: Change = { kind: "listed", threads: [listed] };
  const queue = (start_page: number): Change => ({
    kind: "queue",
    tid,
    start_page,
    est_number_of_posts: listed.est_number_of_replies === null ? null : listed.est_number_of_replies + 1,
  });
  if (known?.is_queued) return run.writer.write(listing);
  const unchanged = known !== undefined && isUnchanged(listed, known);
  if (known?.is_gone && unchanged) return run.writer.write(listing);
  const last_pid = known?.last_pid ?? null;
  if (last_pid === null) return run.writer.write(listing, queue(1));
  let document: ReturnType<typeof answered>;
  try {
    document = answered(await run.forum.thread(tid, { pid: last_pid }), tid);
  } catch (error) {
    if (run.signal.aborted && error === run.signal.reason) throw error;
    await fail(run, `thread ${tid}`, error);
    return run.writer.write(listing, queue(1));
  }
  if (document === "gone") return run.writer.write(listing, { kind: "gone", tid });
  if (document === "no-access") {
    run.progress.note(`thread ${tid}: no access, skipped`);
    return run.writer.write(listing);
  }
  const pids = document.posts.map((post) => post.pid);
  const isFull = document.entry_count >= perPage;
  const merge = pageChange(run, document, !isFull && pids.length > 0);
  const page = document.page ?? 1;
  if (pids.length === 0) {
    // The forum counts hidden posts for a post's position: thread 213929 has an empty page 50.
    return unchanged ? run.writer.write(merge, listing) : run.writer.write(merge, listing, queue(1));
  }
  const after = Math.max(...pids);
  const before = Math.min(...pids);
  // A position counted over hidden posts too can lie behind our last post: what is between was never seen.
  if (before > last_pid && page > 1 && !unchanged) return run.writer.write(merge, listing, queue(1));
  if (isFull && !(unchanged && after <= last_pid)) return run.writer.write(merge, listing, queue(page + 1));
  const tags = unchanged && after <= last_pid ? [] : await readTags(run, tid);
  await run.writer.write(merge, listing, ...tags);
}
