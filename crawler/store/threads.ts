/** Categories, boards, threads and the work list. */
import type { Transaction } from "@potstats/db/connect";
import type { Change, Effects } from "./changes.ts";
import { type Batch, rows } from "./batch.ts";
import { maxId, type ThreadHead } from "../read/xml.ts";

/** Boards as boards.php lists them; those that vanished stay. A board that is only referred to gets a row without a name. */
export function writeBoards(batch: Batch, changes: Change[], revision: number): void {
  for (const change of changes) {
    if (change.kind !== "boards") continue;
    const categories = new Map(change.document.categories.map((category) => [category.cid, category]));
    const boards = new Map(change.document.boards.map((board) => [board.bid, board]));
    batch.send(batch.tx`
      insert into categories as c (cid, name, description)
      select cid, name, description from json_to_recordset(${rows([...categories.values()])}::text::json)
        as t(cid int, name varchar, description varchar)
      on conflict (cid) do update set name = excluded.name, description = excluded.description
      where (c.name, c.description) is distinct from (excluded.name, excluded.description)`);
    batch.send(batch.tx`
      insert into boards as b (bid, cid, name, description, revision)
      select bid, cid, name, description, ${revision} from json_to_recordset(${rows([...boards.values()])}::text::json)
        as t(bid int, cid int, name varchar, description varchar)
      on conflict (bid) do update set cid = excluded.cid, name = excluded.name, description = excluded.description, revision = excluded.revision
      where (b.cid, b.name, b.description) is distinct from (excluded.cid, excluded.name, excluded.description)`);
  }
}

/** Ids of the threads that we have of those listed or read. */
export async function knownThreads(tx: Transaction, changes: Change[]): Promise<Set<number>> {
  const tids = changes.flatMap((change) => {
    if (change.kind === "page") return change.document.thread.tid;
    return change.kind === "listed" ? change.threads.map((thread) => thread.tid) : [];
  });
  if (tids.length === 0) return new Set();
  const known = await tx<{ tid: number }[]>`select tid from threads where tid = any(${[...new Set(tids)]}::int[])`;
  return new Set(known.map((thread) => thread.tid));
}

type ThreadRow = ThreadHead & { listed_last_post?: number | null };

/**
 * Threads as listed or read. A thread page knows title, board and flags; hit count, replies and last date are the
 * listing's, because they tell the next pass what has changed since. A thread that moved loses is_complete: in its
 * new board it would end a walk above threads that were never checked.
 */
export function writeThreads(
  batch: Batch,
  changes: Change[],
  known: Set<number>,
  revision: number,
  effects: Effects,
): void {
  const threads = new Map<number, ThreadRow>();
  const shown = new Set<number>();
  const gone = new Set<number>();
  const unlisted = new Set<number>();
  const checked = new Map<number, { tid: number; check_page: number | null; page_shift: number | null }>();
  const tags = new Map<number, string[]>();
  for (const change of changes) {
    if (change.kind === "listed") for (const thread of change.threads) threads.set(thread.tid, thread);
    else if (change.kind === "page") {
      const { thread } = change.document;
      const listed = threads.get(thread.tid);
      threads.set(thread.tid, {
        ...thread,
        hit_count: listed?.hit_count ?? null,
        est_number_of_replies: listed?.est_number_of_replies ?? null,
        listed_last_post: listed?.listed_last_post ?? null,
      });
      shown.add(thread.tid);
      gone.delete(thread.tid);
    } else if (change.kind === "gone") {
      gone.add(change.tid);
      shown.delete(change.tid);
      if (!change.isListed) unlisted.add(change.tid);
    } else if (change.kind === "read") {
      checked.set(change.tid, { ...change, check_page: null });
    } else if (change.kind === "checked") {
      checked.set(change.tid, { ...change, page_shift: null });
    } else if (change.kind === "tags") tags.set(change.tid, change.tags);
  }
  if (threads.size > 0) {
    const list = rows([...threads.values()]);
    batch.send(batch.tx`
      insert into boards (bid, revision)
      select distinct bid, ${revision}::bigint from json_to_recordset(${list}::text::json) as t(bid int) where bid is not null
      on conflict do nothing`);
    batch.send(batch.tx`
      insert into threads as t (tid, bid, title, subtitle, is_closed, is_sticky, is_important, is_announcement, is_global,
        hit_count, est_number_of_replies, listed_last_post, is_complete, revision)
      select tid, bid, title, subtitle, is_closed, is_sticky, is_important, is_announcement, is_global,
        hit_count, est_number_of_replies, to_timestamp(listed_last_post) at time zone 'UTC', false, ${revision}
      from json_to_recordset(${list}::text::json) as t(tid int, bid int, title varchar, subtitle varchar, is_closed bool, is_sticky bool,
        is_important bool, is_announcement bool, is_global bool, hit_count int, est_number_of_replies int, listed_last_post bigint)
      order by tid
      on conflict (tid) do update set
        bid = coalesce(excluded.bid, t.bid), title = excluded.title, subtitle = excluded.subtitle, is_closed = excluded.is_closed,
        is_sticky = excluded.is_sticky, is_important = excluded.is_important, is_announcement = excluded.is_announcement,
        is_global = excluded.is_global, hit_count = coalesce(excluded.hit_count, t.hit_count),
        est_number_of_replies = coalesce(excluded.est_number_of_replies, t.est_number_of_replies),
        listed_last_post = coalesce(excluded.listed_last_post, t.listed_last_post),
        is_complete = coalesce(t.is_complete, false) and excluded.is_closed and not excluded.is_sticky and not excluded.is_global
          and t.bid is not distinct from coalesce(excluded.bid, t.bid),
        revision = excluded.revision
      where (t.bid, t.title, t.subtitle, t.is_closed, t.is_sticky, t.is_important, t.is_announcement, t.is_global, t.hit_count,
          t.est_number_of_replies, t.listed_last_post)
        is distinct from (coalesce(excluded.bid, t.bid), excluded.title, excluded.subtitle, excluded.is_closed, excluded.is_sticky,
          excluded.is_important, excluded.is_announcement, excluded.is_global, coalesce(excluded.hit_count, t.hit_count),
          coalesce(excluded.est_number_of_replies, t.est_number_of_replies), coalesce(excluded.listed_last_post, t.listed_last_post))`);
    effects.threads_added += [...threads.keys()].filter((tid) => !known.has(tid)).length;
  }
  if (shown.size > 0)
    batch.send(batch.tx`
      update threads set gone_at = null, revision = ${revision} where tid = any(${[...shown]}::int[]) and gone_at is not null`);
  if (gone.size > 0) {
    batch.send(
      batch.tx`
      update threads set gone_at = now() at time zone 'UTC', revision = ${revision}
      where tid = any(${[...gone]}::int[]) and gone_at is null`,
      ({ count }) => void (effects.threads_gone += count),
    );
    batch.send(batch.tx`
      update threads set is_unlisted = tid = any(${[...unlisted]}::int[])
      where tid = any(${[...gone]}::int[]) and is_unlisted is distinct from (tid = any(${[...unlisted]}::int[]))`);
  }
  for (const change of changes)
    if (change.kind === "unlisted")
      batch.send(batch.tx`
        update threads set is_unlisted = ${change.isUnlisted}
        where tid = any(${change.tids}::int[]) and gone_at is null and is_unlisted is distinct from ${change.isUnlisted}`);
  // No news for the analytics, and so no revision. A potstats2 thread below all listings has no date of its last post yet.
  if (checked.size > 0)
    batch.send(batch.tx`
      update threads as t set checked_at = now() at time zone 'UTC', check_page = n.check_page, page_shift = coalesce(n.page_shift, t.page_shift),
        listed_last_post = coalesce(t.listed_last_post, (select timestamp from posts as p where p.pid = t.last_pid))
      from json_to_recordset(${rows([...checked.values()])}::text::json) as n(tid int, check_page int, page_shift int)
      where t.tid = n.tid`);
  if (tags.size > 0)
    batch.send(batch.tx`
      update threads as t set tags = n.tags, revision = ${revision}
      from json_to_recordset(${rows([...tags].map(([tid, list]) => ({ tid, tags: list })))}::text::json) as n(tid int, tags jsonb)
      where t.tid = n.tid and t.tags is distinct from n.tags`);
}

/** The durable work list. A thread that is on it already keeps the earlier page. */
export function writeWorkList(batch: Batch, changes: Change[]): void {
  const queue = new Map<number, { tid: number; start_page: number; est_number_of_posts: number | null }>();
  const progress = new Map<number, number>();
  const done = new Set<number>();
  for (const change of changes) {
    if (change.kind === "queue") {
      queue.set(change.tid, change);
      done.delete(change.tid);
    } else if (change.kind === "progress") progress.set(change.tid, change.start_page);
    else if (change.kind === "done" || change.kind === "read" || change.kind === "gone") {
      done.add(change.tid);
      queue.delete(change.tid);
      progress.delete(change.tid);
    }
  }
  // A counter of 2^31 - 1 replies makes one post more, and behind the last page comes another.
  if (queue.size > 0)
    batch.send(batch.tx`
      insert into worldeater_tnu as w (tid, start_page, est_number_of_posts)
      select tid, least(start_page, ${maxId}::bigint), least(est_number_of_posts, ${maxId}::bigint)
      from json_to_recordset(${rows([...queue.values()])}::text::json) as t(tid int, start_page bigint, est_number_of_posts bigint)
      on conflict (tid) do update set
        start_page = least(greatest(w.start_page, 1), excluded.start_page), est_number_of_posts = excluded.est_number_of_posts`);
  if (progress.size > 0)
    batch.send(batch.tx`
      update worldeater_tnu as w set start_page = least(n.start_page, ${maxId}::bigint)
      from json_to_recordset(${rows([...progress].map(([tid, start_page]) => ({ tid, start_page })))}::text::json) as n(tid int, start_page bigint)
      where w.tid = n.tid`);
  if (done.size > 0) batch.send(batch.tx`delete from worldeater_tnu where tid = any(${[...done]}::int[])`);
}

/**
 * Boards whose listing was walked: every listed thread has been checked or queued, so what is closed and fully read is
 * complete from now on, and may end the next walk.
 */
export function writeWalks(batch: Batch, changes: Change[], revision: number): void {
  const bids = changes.flatMap((change) => (change.kind === "walked" ? [change.bid] : []));
  if (bids.length === 0) return;
  batch.send(batch.tx`
    update boards set initial_pass_at = now() at time zone 'UTC' where bid = any(${bids}::int[]) and initial_pass_at is null`);
  batch.send(batch.tx`
    update threads as t set is_complete = true, revision = ${revision}
    where t.bid = any(${bids}::int[]) and t.is_closed and not t.is_sticky and not t.is_global and not coalesce(t.is_complete, false)
      and t.last_pid is not null and t.gone_at is null
      and not exists (select from worldeater_tnu as w where w.tid = t.tid)`);
}
