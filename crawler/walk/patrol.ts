/**
 * The patrol: a share of each update pass's requests is spent on stored threads that show no changes, because no
 * listing shows edits, hidden texts, or threads that vanished below the walked part.
 *
 * A check reads the last page of a thread and one earlier page; the next check reads the page before that one. So every
 * page of a long thread is checked in turn, at two requests per check. Posts that were merged in or vanished anywhere
 * are visible on the last page at once: it begins with a different post than stored. Threads that are not stored yet are
 * found in the listings (review.ts).
 */
import { checkDue } from "@potstats/db/patrol-due";
import type { Row } from "@potstats/db/row";
import type { threads } from "@potstats/db/crawled";
import { maxId, type ThreadDocument } from "../read/xml.ts";
import { type Coverage, mergeSingle, postCount } from "./coverage.ts";
import { countPosts, firstPid, perPage, shiftOf } from "./pages.ts";
import { readThread } from "./read-thread.ts";
import { reviewListings } from "./review.ts";
import { forEach, isInterruption, recordFailure, type Run } from "./run.ts";
import { readTags } from "./tags.ts";

/** Minimum number of threads that a pass checks, even if that exceeds its share. */
const minChecks = 10;

/** A thread to check. `check_page`: the page to check besides the last; null stands for the page before the last. */
export type Suspect = Row<typeof threads, "tid" | "check_page" | "page_shift"> & { needs_tags: boolean };

/**
 * Reads pages of listings, at least one, for up to a quarter of its share of this run's requests. Then checks threads
 * until the share is spent, but at least {@link minChecks}.
 * @param share 0 to 1
 */
export async function patrol(run: Run, share: number): Promise<void> {
  const { traffic } = run.forum;
  const requestsBefore = traffic.num_api_requests;
  const budget = Math.ceil(requestsBefore * share);
  const left = () => budget - (traffic.num_api_requests - requestsBefore);
  const whole = [...run.checkedThreads].filter(([, { isWhole }]) => isWhole).map(([tid]) => tid);
  await run.commitQueue.write(...whole.map((tid) => ({ kind: "checked" as const, tid, check_page: null })));
  // Two requests for each of the minimum number of threads are left.
  await reviewListings(run, Math.max(1, Math.min(Math.ceil(budget / 4), budget - 2 * minChecks)));
  const phase = run.progress.phase("patrol", { unit: "threads" });
  for (let checks = 0; !run.signal.aborted && (checks < minChecks || left() > 0);) {
    const suspects = await nextSuspects(run, Math.max(minChecks - checks, Math.min(Math.ceil(left() / 2), 200), 1));
    if (suspects.length === 0) break;
    checks += suspects.length;
    await forEach(run, suspects, async (suspect) => {
      await checkSuspect(run, suspect);
      phase.add();
    });
  }
  phase.done(run.signal.aborted ? "interrupted" : "");
}

/**
 * Up to half of the threads are those whose check is due, most recently due first. The rest are those that have not
 * been checked for the longest time, so that every thread is checked in turn. Both orders match an index prefix.
 */
async function nextSuspects(run: Run, count: number): Promise<Suspect[]> {
  const unreadable = [...run.unreadableThreads];
  return run.query((sql) => {
    const due = sql.unsafe(checkDue);
    const isFree = sql`
      (checked_at is null or checked_at < (select last_crawl_started_at from worldeater_state))
      and not exists (select from worldeater_tnu as w where w.tid = threads.tid) and tid <> all(${unreadable}::int[])`;
    return sql<Suspect[]>`
      select tid, check_page, page_shift, tags is null as needs_tags from (select tid, min(turn) as turn from (
        (select tid, 1 as turn from threads where ${due} <= now() at time zone 'UTC' and ${isFree}
          order by ${due} desc limit ${Math.floor(count / 2)})
        union all
        (select tid, 2 from threads where ${isFree} order by checked_at nulls first limit ${count})
      ) as candidates group by tid) as next join threads using (tid)
      order by turn, checked_at nulls first limit ${count}`;
  });
}

/** Checks a thread. @returns whether it still exists */
export async function checkSuspect(run: Run, suspect: Suspect): Promise<boolean> {
  const { tid } = suspect;
  const last = Math.max(1, Math.ceil((await countPosts(run, tid, maxId)) / perPage));
  const earlier = Math.min(suspect.check_page ?? last, last - 1);
  const checked = run.checkedThreads.get(tid);
  const end: Outcome = checked?.total ?? (checked ? "unknown" : await checkPage(run, suspect, last, null));
  // An unreadable page keeps no other page from being checked.
  const needsEarlier = end !== "gone" && end !== "read" && earlier >= 1;
  const outcome = needsEarlier ? await checkPage(run, suspect, earlier, end) : end;
  const exists = outcome !== "gone";
  // If no page can be read, the thread may be withdrawn.
  const isShown = exists && !(end === "unreadable" && outcome === "unreadable");
  if (isShown && suspect.needs_tags) await run.commitQueue.write(...(await readTags(run, tid)));
  await run.commitQueue.write({ kind: "checked", tid, check_page: earlier > 1 ? earlier - 1 : null });
  return exists;
}

/**
 * The number of posts in the forum, if the check shows it. "read": changed pages were read, or will be by the next run.
 */
type Outcome = number | "unknown" | "unreadable" | "gone" | "read";

/** Checks a page; if it cannot be read, that is reported. @param end what the last page has shown; null if this is it */
async function checkPage(run: Run, suspect: Suspect, page: number, end: Outcome | null): Promise<Outcome> {
  const { tid } = suspect;
  try {
    const document = await run.forum.thread(tid, { page });
    if (document.kind === "thread") return await mergePage(run, suspect, document, { page, end });
    await run.commitQueue.write({ kind: "gone", tid, isListed: false });
    return "gone";
  } catch (error) {
    await reportUnreadable(run, tid, end === null ? `thread ${tid}` : `thread ${tid}, page ${page}`, error);
    return "unreadable";
  }
}

/** Merges a page. If it shows that others have changed, they are read as well. */
async function mergePage(
  run: Run,
  suspect: Suspect,
  document: ThreadDocument,
  { page, end }: { page: number; end: Outcome | null },
): Promise<Outcome> {
  const { tid, page_shift } = suspect;
  const isFull = document.entry_count >= perPage;
  const isEnd = end === null && !isFull;
  const known = isEnd ? postCount(document) : end;
  const total = typeof known === "number" ? known : null;
  const shift = document.posts.length === 0 && page > 1 ? null : await shiftOf(run, document);
  // If the last page is as stored and no post is missing in total, posts on this page are only out of order.
  const isInPlace = shift === page_shift || (end !== null && total === (await countPosts(run, tid, maxId)));
  if (!isInPlace && document.page !== null) {
    await orQueue(run, tid, readChanged(run, suspect, document, { at: page, total }));
    return "read";
  }
  const vanished = await mergeSingle(run, { document, isEnd }, total);
  const read = (start: number) =>
    orQueue(run, tid, readThread(run, { ...suspect, needs_tags: false, is_known: true, start }));
  // The listing did not show that there may be more posts.
  if (end === null && isFull) await read(vanished ? page + 1 : page);
  else if (!vanished && total !== null) await read(1);
  return total ?? "unknown";
}

/** Puts a thread on the work list if its pages cannot be read: from there, it is read past unreadable pages. */
async function orQueue(run: Run, tid: number, reading: Promise<void>): Promise<void> {
  try {
    await reading;
  } catch (error) {
    await reportUnreadable(run, tid, `thread ${tid}`, error);
    await run.commitQueue.write({ kind: "queue", tid, start_page: 1, est_number_of_posts: null });
  }
}

/** @throws the error unless it is an UnreadableError */
async function reportUnreadable(run: Run, tid: number, what: string, error: unknown): Promise<void> {
  if (isInterruption(run, error)) throw error;
  await recordFailure(run, what, error);
  run.unreadableThreads.add(tid);
}

/**
 * Reads the pages of a thread that differ from the stored ones: from the first such page, found by bisection, until
 * page `at` begins with the same post in the forum and in the tables.
 * @param total number of posts in the forum; null if unknown
 */
async function readChanged(
  run: Run,
  suspect: Suspect,
  changed: ThreadDocument,
  { at, total }: { at: number; total: number | null },
): Promise<void> {
  const { tid, page_shift } = suspect;
  // If the pages have always been shifted against the stored ones, bisection finds nothing.
  let [same, high] = [1, page_shift === 0 ? at : 1];
  while (high - same > 1) {
    const middle = Math.floor((same + high) / 2);
    const document = await run.forum.thread(tid, { page: middle });
    if (document.kind === "refusal") break;
    if ((await shiftOf(run, document)) === 0) same = middle;
    else high = middle;
  }
  const first = firstPid(changed);
  // Missing posts may be on pages that were not read, unless the whole thread has lost as many.
  const haveVanished = async (coverage: Coverage) =>
    coverage.missing.size === 0 || (total !== null && (await coverage.count(maxId)) >= total);
  const isEnough = async (coverage: Coverage) =>
    changed.posts.length > 0 &&
    (at - 1) * perPage === (await coverage.count(first - 1)) &&
    (await haveVanished(coverage));
  await readThread(run, { ...suspect, needs_tags: false, is_known: true, start: same, isEnough });
}
