/** Reads a page of a board's listing, and queues the threads on it. */
import { drizzleOn } from "@potstats/db/drizzle";
import { posts, threads, worldeaterTnu } from "@potstats/db/crawled";
import { eq, sql as raw } from "drizzle-orm";
import { type BoardDocument, type ListedThread, maxId } from "../read/xml.ts";
import { isAmong } from "../store/statements.ts";
import { recordFailure, type Run } from "./run.ts";
import { perPage } from "./pages.ts";
import { checkThreads, queueFrom, type StoredThread } from "./thread.ts";

/** The root of a refusing document. */
export type Refused = string;

export async function listingPage(run: Run, bid: number, page: number): Promise<BoardDocument | Refused> {
  const document = await run.forum.board(bid, page);
  if (document.kind === "refusal") return document.root;
  for (const problem of document.problems) run.progress.note(problem);
  return document;
}

/** After this many consecutive pages that cannot be read, a board counts as unreadable. */
const maxUnreadable = 3;

/** Reads the pages of a list. One that cannot be read is a failure of its own, and hides no other page. */
export class ListReader {
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

/** Maximum number of pages of a list, because thread ids are below 2³¹. */
export const maxPages = Math.ceil(maxId / perPage);

export const pageCount = (threadCount: number | null) =>
  Math.min(maxPages, Math.max(1, Math.ceil((threadCount ?? 0) / perPage)));

/** Queues new threads and stored ones with new posts, or all of them if forced. */
export async function queueListed(run: Run, listed: ListedThread[], force: boolean): Promise<void> {
  const stored = await readStored(run, listed);
  if (force)
    return run.commitQueue.write(
      { kind: "listed", threads: listed },
      ...listed.filter((thread) => !stored.get(thread.tid)?.is_queued).map((thread) => queueFrom(thread, 1)),
    );
  // Stored threads without new posts were read by an earlier run that did not reach page 1.
  await checkThreads(run, listed, stored, { trust: true });
}

/** The stored values of listed threads, by tid. */
export async function readStored(run: Run, listed: ListedThread[]): Promise<Map<number, StoredThread>> {
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
