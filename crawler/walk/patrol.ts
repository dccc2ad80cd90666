/**
 * The patrol: a share of each update pass's requests goes to known threads that nothing else asks for, because no listing tells
 * of edits, of texts that were hidden, and of threads that went.
 *
 * A look reads the page on which a thread ends, and one page before it; the next look reads the one before that, so that the
 * pages of a long thread have their turn without costing more than two requests a look. Posts that were merged in or vanished
 * anywhere show on the last page at once: it begins with another post than ours does.
 */
import { checkDue } from "@potstats/db/check-due";
import { countPosts, firstPid, lastPid, merge, perPage, readTags, readThread, shiftOf } from "./thread.ts";
import { each, fail, interrupted, type Run } from "./run.ts";
import { maxId, type ThreadDocument } from "../read/xml.ts";

/** Threads that a pass looks at, whatever it costs. */
const fewestLooks = 10;

interface Suspect {
  tid: number;
  /** The page before the last whose turn it is; null: the one before the last. */
  check_page: number | null;
  page_shift: number;
  needs_tags: boolean;
}

/** Looks at threads until the share of the requests that this run has made so far is spent, at ten at least. @param share 0 to 1 */
export async function patrol(run: Run, share: number): Promise<void> {
  const { traffic } = run.forum;
  const begun = traffic.num_api_requests;
  const budget = Math.ceil(begun * share);
  const left = () => budget - (traffic.num_api_requests - begun);
  const whole = [...run.asked].filter(([, { isWhole }]) => isWhole).map(([tid]) => tid);
  await run.writer.write(...whole.map((tid) => ({ kind: "checked" as const, tid, check_page: null })));
  const phase = run.progress.phase("patrol", { unit: "threads" });
  for (let looks = 0; !run.signal.aborted && (looks < fewestLooks || left() > 0);) {
    const suspects = await nextSuspects(run, Math.max(fewestLooks - looks, Math.min(Math.ceil(left() / 2), 200), 1));
    if (suspects.length === 0) break;
    looks += suspects.length;
    await each(run, suspects, async (suspect) => {
      await lookAt(run, suspect);
      phase.add();
    });
  }
  phase.done(run.signal.aborted ? "interrupted" : "");
}

/**
 * Threads whose look is due, those first whose it became last: half of the looks at most. The others go to those that were not
 * looked at for longest, so that the turn of each comes. Either is the beginning of an index.
 */
async function nextSuspects(run: Run, count: number): Promise<Suspect[]> {
  const tried = [...run.unreadable];
  return run.query((sql) => {
    const due = sql.unsafe(checkDue);
    const isFree = sql`
      (checked_at is null or checked_at < (select last_crawl_started_at from worldeater_state))
      and not exists (select from worldeater_tnu as w where w.tid = threads.tid) and tid <> all(${tried}::int[])`;
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

/** Looks at a thread. @returns whether it is there */
export async function lookAt(run: Run, suspect: Suspect): Promise<boolean> {
  const { tid } = suspect;
  let isThere = true;
  let check_page: number | null = null;
  try {
    const last = Math.max(1, Math.ceil((await countPosts(run, tid, maxId)) / perPage));
    if (!run.asked.has(tid)) isThere = await lookAtPage(run, suspect, last, true);
    const earlier = Math.min(suspect.check_page ?? last, last - 1);
    if (isThere && earlier >= 1) isThere = await lookAtPage(run, suspect, earlier, false);
    check_page = earlier > 1 ? earlier - 1 : null;
    if (isThere && suspect.needs_tags) await run.writer.write(...(await readTags(run, tid)));
  } catch (error) {
    if (interrupted(run, error)) throw error;
    await fail(run, `thread ${tid}`, error);
    run.unreadable.add(tid);
  }
  await run.writer.write({ kind: "checked", tid, check_page });
  return isThere;
}

/** @returns whether the thread is there */
async function lookAtPage(run: Run, suspect: Suspect, page: number, isLast: boolean): Promise<boolean> {
  const { tid, page_shift } = suspect;
  const document = await run.forum.thread(tid, { page });
  if (document.kind === "refusal") {
    await run.writer.write({ kind: "gone", tid, isListed: false });
    return false;
  }
  const shift = document.posts.length === 0 && page > 1 ? null : await shiftOf(run, document);
  if (shift !== page_shift && document.page !== null) {
    await readChanged(run, suspect, document, page);
    return true;
  }
  const isFull = document.entry_count >= perPage;
  const end = isLast && !isFull ? lastPid(document) : null;
  await run.writer.write(merge(run, document, { after: page === 1 ? 0 : null, end }));
  // No listing has told of more.
  if (isLast && isFull) await readThread(run, { ...suspect, needs_tags: false, is_known: true, start: page + 1 });
  return true;
}

/**
 * Reads the pages of a thread that are not as we know them: from the first of them, found by halving, until the page that we
 * came from begins with our post again.
 */
async function readChanged(run: Run, suspect: Suspect, changed: ThreadDocument, at: number): Promise<void> {
  const { tid, page_shift } = suspect;
  // Where the pages never agreed with ours there is no first one that differs.
  let [alike, high] = [1, page_shift === 0 ? at : 1];
  while (high - alike > 1) {
    const middle = Math.floor((alike + high) / 2);
    const document = await run.forum.thread(tid, { page: middle });
    if (document.kind === "refusal") break;
    if ((await shiftOf(run, document)) === 0) alike = middle;
    else high = middle;
  }
  const first = firstPid(changed);
  const isEnough = async () =>
    changed.posts.length > 0 && (at - 1) * perPage === (await countPosts(run, tid, first - 1));
  await readThread(run, { ...suspect, needs_tags: false, is_known: true, start: alike, isEnough });
}
