/**
 * Finds stored posts that a thread no longer shows.
 *
 * Pids ascend from page to page, but not without exception: a post may be on an earlier or a later page than its pid
 * suggests. So a stored post that is missing between the posts of a page has vanished only if no other page shows it.
 */
import { maxId, type Refusal, type ThreadDocument } from "../read/xml.ts";
import { countPosts, firstPid, lastPid, lowestPid, merge, perPage, pidsOn, storedBetween, vanish } from "./pages.ts";
import type { Run } from "./run.ts";

/** Follows the pages of a thread in their order. Remembers only pids that are out of order, and those missing. */
export class Coverage {
  /** Stored posts that no page has shown where they belong. A later page may still show them. */
  readonly missing = new Set<number>();
  /** Up to this pid, each stored post was shown or is missing; null before the first page that was read. */
  #high: number | null;
  /** Pids above `#high` that pages have shown. */
  #seen = new Set<number>();

  /** @param page the first page that will be read */
  constructor(
    readonly run: Run,
    readonly tid: number,
    page: number,
  ) {
    this.#high = page === 1 ? 0 : null;
  }

  /** Whether all posts of a page belong before those that earlier pages have shown, or are among them. */
  isOld(document: ThreadDocument): boolean {
    const high = this.#high ?? 0;
    return document.posts.length > 0 && pidsOn(document).every((pid) => pid <= high || this.#seen.has(pid));
  }

  /** Stored posts that belong before the next page, but have not been shown. */
  unseenBefore(document: ThreadDocument): Promise<number[]> {
    return this.#unseen(lowestPid(document) - 1, pidsOn(document));
  }

  /** Adds the next page. @param unseen as from {@link unseenBefore} */
  add(document: ThreadDocument, unseen: number[]): void {
    if (document.posts.length === 0) return;
    for (const pid of unseen) this.missing.add(pid);
    const high = Math.max(this.#high ?? firstPid(document) - 1, lowestPid(document) - 1);
    this.#high = high;
    for (const pid of this.#seen) if (pid <= high) this.#seen.delete(pid);
    for (const pid of pidsOn(document)) {
      this.missing.delete(pid);
      if (pid > high) this.#seen.add(pid);
    }
  }

  /** Forgets what the last page has shown, because it is read again; its first posts may be on the page before now. */
  forget(document: ThreadDocument, now: ThreadDocument | Refusal): void {
    const first = now.kind === "refusal" ? 0 : firstPid(now);
    for (const pid of pidsOn(document)) if (pid >= first) this.#seen.delete(pid);
  }

  /** Ends the thread after the last page that was added: stored posts behind it are missing. */
  async end(): Promise<void> {
    for (const pid of await this.#unseen(maxId, [])) this.missing.add(pid);
  }

  /** Counts the stored posts up to a pid that are not missing. */
  async count(pid: number): Promise<number> {
    const missing = [...this.missing].filter((one) => one <= pid).length;
    return (await countPosts(this.run, this.tid, pid)) - missing;
  }

  async #unseen(high: number, shown: number[]): Promise<number[]> {
    const low = this.#high;
    if (low === null || high <= low) return [];
    const seen = [...this.#seen].filter((pid) => pid <= high);
    return storedBetween(this.run, this.tid, { low, high, except: [...seen, ...shown] });
  }
}

/** Number of posts of a thread in the forum, if this is its last page. */
export const postCount = ({ page, posts }: ThreadDocument): number | null =>
  page === null ? null : (page - 1) * perPage + posts.length;

/**
 * Finds stored posts that a single page misses. Other pages may show them, unless the thread has lost as many posts.
 * @param page a page whose posts are stored. `isEnd`: whether it is the thread's last one
 * @param total number of posts in the forum; null if unknown
 * @returns the vanished posts; null if only the whole thread can tell which posts have vanished
 */
export async function vanishedFrom(
  run: Run,
  { document, isEnd }: { document: ThreadDocument; isEnd: boolean },
  total: number | null,
): Promise<number[] | null> {
  const { tid } = document.thread;
  const last = lastPid(document);
  if (last === null) return [];
  const low = document.page === 1 ? 0 : firstPid(document);
  const missing = await storedBetween(run, tid, { low, high: isEnd ? maxId : last, except: pidsOn(document) });
  if (missing.length === 0) return [];
  if (total === null) return null;
  const lost_count = (await countPosts(run, tid, maxId)) - total;
  if (lost_count <= 0) return [];
  return lost_count >= missing.length ? missing : null;
}

/** Merges a single page, and marks the posts that it misses. @returns as {@link vanishedFrom}, from the same values */
export async function mergeSingle(
  run: Run,
  page: { document: ThreadDocument; isEnd: boolean },
  total: number | null,
): Promise<number[] | null> {
  const { document } = page;
  await run.commitQueue.write(merge(run, document));
  const vanished = await vanishedFrom(run, page, total);
  if (vanished) await run.commitQueue.write(vanish(document.thread.tid, vanished));
  return vanished;
}
