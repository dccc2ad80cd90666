/** Walking a board's listing: from the last page to the first on the initial pass, from the first to the fixpoint afterwards. */
import { Unreadable } from "./forum.ts";
import { checkThread, isUnchanged, type KnownThread, perPage } from "./reading.ts";
import { each, fail, type Run } from "./run.ts";
import type { BoardDocument, ListedThread } from "./xml.ts";

/** Threads of a board that must be known before a complete one may end a walk. */
const fewThreads = 30;

/** Walks one board. Boards that do not let us in are reported and skipped. @returns whether the walk came to its end */
export async function walkBoard(
  run: Run,
  bid: number,
  options: { number_of_threads: number | null; force: boolean },
): Promise<boolean> {
  await run.writer.flush();
  const [state] = await run.sql<{ walked: boolean; known: number }[]>`
    select coalesce((select initial_pass_at is not null from boards where bid = ${bid}), false)
        or exists (select from threads where bid = ${bid} and revision = 0) as walked,
      (select count(*)::int from threads where bid = ${bid}) as known`;
  const known = state?.known ?? 0;
  const initial = options.force || known === 0 || !state?.walked;
  const phase = run.progress.phase(`board ${bid}`, { unit: "listing pages" });
  try {
    const walked = initial
      ? await initialPass(run, bid, options.number_of_threads, phase.add)
      : await updatePass(run, bid, known, phase.add);
    await run.writer.flush();
    phase.done(
      walked === true
        ? initial
          ? "walked"
          : "up to date"
        : typeof walked === "string"
          ? `${walked}, skipped`
          : "interrupted",
    );
    if (typeof walked === "string") run.progress.note(`board ${bid}: ${walked}, skipped`);
    return walked === true;
  } catch (error) {
    phase.done("failed");
    if (run.signal.aborted && error === run.signal.reason) return false;
    await fail(run, `board ${bid}`, error);
    return false;
  }
}

type Refused = "no-access" | "invalid-board";

async function listingPage(run: Run, bid: number, page: number): Promise<BoardDocument | Refused> {
  const document = await run.forum.board(bid, page);
  if (document.kind === "board") {
    if (document.bid !== bid) throw new Unreadable(`page ${page}: the answer is about board ${document.bid}`);
    if (document.page !== null && document.page !== page)
      throw new Unreadable(`page ${page} was answered with page ${document.page}`);
    for (const problem of document.problems) run.progress.note(problem);
    return document;
  }
  const root = document.kind === "refusal" ? document.root : document.kind;
  if (root === "no-access" || root === "invalid-board") return root;
  throw new Unreadable(`page ${page}: the answer is <${root}>`);
}

/** Last page to first: threads with a new post move to where we still have to go. */
async function initialPass(
  run: Run,
  bid: number,
  number_of_threads: number | null,
  tick: () => void,
): Promise<boolean | Refused> {
  let last = Math.max(1, Math.ceil((number_of_threads ?? 0) / perPage));
  let document = await listingPage(run, bid, last);
  // The list can be longer than its counter says: globals from elsewhere, a stale counter.
  const ahead: BoardDocument[] = [];
  while (typeof document !== "string" && document.entry_count >= perPage && !run.signal.aborted) {
    ahead.push(document);
    document = await listingPage(run, bid, ++last);
  }
  if (typeof document === "string") return document;
  for (let page = last; page >= 1; page--) {
    if (run.signal.aborted) return false;
    const ready: BoardDocument | undefined = page === last ? document : ahead.pop();
    const current: BoardDocument | Refused = ready ?? (await listingPage(run, bid, page));
    if (typeof current === "string") return current;
    const queued = await knownThreads(run, current.threads);
    await run.writer.write(
      { kind: "listed", threads: current.threads },
      ...current.threads
        .filter((thread) => !queued.get(thread.tid)?.is_queued)
        .map((thread) => ({
          kind: "queue" as const,
          tid: thread.tid,
          start_page: 1,
          est_number_of_posts: thread.est_number_of_replies === null ? null : thread.est_number_of_replies + 1,
        })),
    );
    tick();
  }
  await run.writer.write({ kind: "walked", bid });
  return true;
}

const isSpecial = (thread: ListedThread) =>
  thread.is_sticky || thread.is_global || thread.is_announcement || thread.is_important;

/** First page to the fixpoint: below a complete thread without news there are no news. */
async function updatePass(run: Run, bid: number, known: number, tick: () => void): Promise<boolean | Refused> {
  const fixpoints = known > fewThreads ? await fixpointsOf(run, bid) : new Set<number>();
  let found = false;
  for (let page = 1; !found; page++) {
    if (run.signal.aborted) return false;
    const document = await listingPage(run, bid, page);
    if (typeof document === "string") return document;
    const before = await knownThreads(run, document.threads);
    const above: ListedThread[] = [];
    for (const thread of document.threads) {
      const state = before.get(thread.tid);
      if (fixpoints.has(thread.tid) && state && !isSpecial(thread) && thread.is_closed && isUnchanged(thread, state))
        found = true;
      if (!found || !state || state.bid !== thread.bid) above.push(thread);
    }
    await each(run, above, (thread) => checkThread(run, thread, before.get(thread.tid)));
    tick();
    if (run.signal.aborted) return false;
    if (document.entry_count < perPage) break;
  }
  await run.writer.write({ kind: "walked", bid });
  return true;
}

/** The complete thread with the highest last_pid; those after it stand by, should it have changed since. */
async function fixpointsOf(run: Run, bid: number): Promise<Set<number>> {
  const found = await run.sql<{ tid: number }[]>`
    select tid from threads
    where bid = ${bid} and is_complete and not coalesce(is_announcement, false) and not coalesce(is_important, false)
    order by last_pid desc nulls last limit 30`;
  return new Set(found.map((thread) => thread.tid));
}

async function knownThreads(run: Run, listed: ListedThread[]): Promise<Map<number, KnownThread>> {
  if (listed.length === 0) return new Map();
  await run.writer.flush();
  const known = await run.sql<KnownThread[]>`
    select t.tid, t.bid, t.last_pid, t.is_complete, t.gone_at is not null as is_gone, w.tid is not null as is_queued,
      t.est_number_of_replies, t.listed_last_post, p.timestamp as last_timestamp
    from threads as t
    left join worldeater_tnu as w on w.tid = t.tid
    left join posts as p on p.pid = t.last_pid
    where t.tid = any(${listed.map((thread) => thread.tid)}::int[])`;
  return new Map(known.map((thread) => [thread.tid, thread]));
}
