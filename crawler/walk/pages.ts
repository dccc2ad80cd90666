/** Pages of a thread: their posts, and where they stand among the stored ones. */
import { maxId, type ThreadDocument } from "../read/xml.ts";
import type { Change } from "../store/changes.ts";
import type { Run } from "./run.ts";

/** Entries of a full page, in listings and in threads. */
export const perPage = 30;

export const pidsOn = ({ posts }: ThreadDocument): number[] => posts.map((post) => post.pid);

/** The highest pid on a page. */
export const lastPid = (document: ThreadDocument): number | null =>
  document.posts.length === 0 ? null : Math.max(...pidsOn(document));

/** The lowest pid on a page. */
export const lowestPid = (document: ThreadDocument): number => Math.min(maxId, ...pidsOn(document));

/** The pid of the post that a page begins with; pids need not ascend, so it need not be the lowest. */
export const firstPid = (document: ThreadDocument): number => document.posts[0]?.pid ?? maxId;

/** Counts the stored posts of a thread up to a pid. */
export async function countPosts(run: Run, tid: number, pid: number): Promise<number> {
  const [row] = await run.query(
    (sql) => sql<{ count: number }[]>`
      select count(*)::int as count from posts where tid = ${tid} and pid <= ${pid} and gone_at is null`,
  );
  return row?.count ?? 0;
}

/** Stored posts of a thread above one pid, up to another, except some. */
export async function storedBetween(
  run: Run,
  tid: number,
  { low, high, except }: { low: number; high: number; except: number[] },
): Promise<number[]> {
  if (high <= low) return [];
  const rows = await run.query(
    (sql) => sql<{ pid: number }[]>`
      select pid from posts
      where tid = ${tid} and pid > ${low} and pid <= ${high} and gone_at is null and pid <> all(${except}::int[])`,
  );
  return rows.map(({ pid }) => pid);
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

/** Creates the change that merges a page, and reports its problems. */
export function merge(run: Run, document: ThreadDocument): Change {
  run.skipped_posts += document.skipped_count;
  for (const problem of document.problems) run.progress.note(problem);
  return { kind: "page", document };
}

/** Creates the change that marks posts as gone. */
export const vanish = (tid: number, pids: Iterable<number>): Change => ({ kind: "vanished", tid, pids: [...pids] });
