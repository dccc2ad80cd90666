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
import { reviewListings } from "./review.ts";
import { forEach, isInterruption, recordFailure, type Run } from "./run.ts";
import { countPosts, firstPid, lastPid, merge, perPage, readTags, readThread, shiftOf } from "./thread.ts";

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
  let exists = true;
  let check_page: number | null = null;
  try {
    const last = Math.max(1, Math.ceil((await countPosts(run, tid, maxId)) / perPage));
    if (!run.checkedThreads.has(tid)) exists = await checkPage(run, suspect, last, true);
    const earlier = Math.min(suspect.check_page ?? last, last - 1);
    if (exists && earlier >= 1) exists = await checkPage(run, suspect, earlier, false);
    check_page = earlier > 1 ? earlier - 1 : null;
    if (exists && suspect.needs_tags) await run.commitQueue.write(...(await readTags(run, tid)));
  } catch (error) {
    if (isInterruption(run, error)) throw error;
    await recordFailure(run, `thread ${tid}`, error);
    run.unreadableThreads.add(tid);
  }
  await run.commitQueue.write({ kind: "checked", tid, check_page });
  return exists;
}

/** @returns whether the thread still exists */
async function checkPage(run: Run, suspect: Suspect, page: number, isLast: boolean): Promise<boolean> {
  const { tid, page_shift } = suspect;
  const document = await run.forum.thread(tid, { page });
  if (document.kind === "refusal") {
    await run.commitQueue.write({ kind: "gone", tid, isListed: false });
    return false;
  }
  const shift = document.posts.length === 0 && page > 1 ? null : await shiftOf(run, document);
  if (shift !== page_shift && document.page !== null) {
    await readChanged(run, suspect, document, page);
    return true;
  }
  const isFull = document.entry_count >= perPage;
  const end = isLast && !isFull ? lastPid(document) : null;
  await run.commitQueue.write(merge(run, document, { after: page === 1 ? 0 : null, end }));
  // The listing did not show that there may be more posts.
  if (isLast && isFull) await readThread(run, { ...suspect, needs_tags: false, is_known: true, start: page + 1 });
  return true;
}

/**
 * Reads the pages of a thread that differ from the stored ones: from the first such page, found by bisection, until
 * page `at` begins with the same post in the forum and in the tables.
 */
async function readChanged(run: Run, suspect: Suspect, changed: ThreadDocument, at: number): Promise<void> {
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
  const isEnough = async () =>
    changed.posts.length > 0 && (at - 1) * perPage === (await countPosts(run, tid, first - 1));
  await readThread(run, { ...suspect, needs_tags: false, is_known: true, start: same, isEnough });
}
