/** Threads, as listings and pages show them. */
import type { Transaction } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import { posts, threads } from "@potstats/db/crawled";
import { and, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { type Batch, db, execute, isAmong, now, parameter, stamp, statement } from "./statements.ts";
import { insertMissingBoards } from "./boards.ts";
import type { Change, Effects } from "./changes.ts";
import { columnsExcept, columnsOf, incoming, recordset, upsert } from "./upsert.ts";

const selectIds = statement<{ tids: number[] }, Row<typeof threads, "tid">>(
  db
    .select({ tid: threads.tid })
    .from(threads)
    .where(isAmong(threads.tid, parameter("tids"))),
);

/** Ids of the listed or read threads that are stored already. */
export async function readThreadIds(tx: Transaction, changes: Change[]): Promise<Set<number>> {
  const tids = changes.flatMap((change) => {
    if (change.kind === "page") return change.document.thread.tid;
    return change.kind === "listed" ? change.threads.map((thread) => thread.tid) : [];
  });
  if (tids.length === 0) return new Set();
  const rows = await execute(tx, selectIds({ tids: [...new Set(tids)] }));
  return new Set(rows.map((row) => row.tid));
}

/** Columns that we fill from elsewhere; a listing or a page says all the others. */
const ownColumns = [
  "first_pid",
  "last_pid",
  "tags",
  "is_complete",
  "gone_at",
  "checked_at",
  "check_page",
  "page_shift",
  "is_unlisted",
  "revision",
] as const;

type ThreadRow = Omit<Row<typeof threads>, (typeof ownColumns)[number]>;

interface Look {
  tid: number;
  check_page: number | null;
  page_shift: number | null;
}

/** What the changes of a batch say about threads; the later change wins. */
interface ThreadsInChanges {
  rows: Map<number, ThreadRow>;
  /** Threads of which a page was read. */
  readable: Set<number>;
  gone: Set<number>;
  /** Those among the gone that no listing shows. */
  goneUnlisted: Set<number>;
  looks: Map<number, Look>;
  tags: Map<number, string[]>;
}

/**
 * Title, board and flags are in listings and on pages; hit count, replies and last date are the listing's alone, because the
 * next pass compares them to see what has changed.
 */
function threadsIn(changes: Change[]): ThreadsInChanges {
  const rows = new Map<number, ThreadRow>();
  const readable = new Set<number>();
  const gone = new Set<number>();
  const goneUnlisted = new Set<number>();
  const looks = new Map<number, Look>();
  const tags = new Map<number, string[]>();
  for (const change of changes) {
    if (change.kind === "listed") {
      for (const thread of change.threads) {
        const seconds = thread.listed_last_post;
        rows.set(thread.tid, { ...thread, listed_last_post: seconds === null ? null : new Date(seconds * 1000) });
      }
    } else if (change.kind === "page") {
      const { thread } = change.document;
      const listed = rows.get(thread.tid);
      rows.set(thread.tid, {
        ...thread,
        hit_count: listed?.hit_count ?? null,
        est_number_of_replies: listed?.est_number_of_replies ?? null,
        listed_last_post: listed?.listed_last_post ?? null,
      });
      readable.add(thread.tid);
      gone.delete(thread.tid);
    } else if (change.kind === "gone") {
      gone.add(change.tid);
      readable.delete(change.tid);
      if (!change.isListed) goneUnlisted.add(change.tid);
    } else if (change.kind === "read") looks.set(change.tid, { ...change, check_page: null });
    else if (change.kind === "checked") looks.set(change.tid, { ...change, page_shift: null });
    else if (change.kind === "tags") tags.set(change.tid, change.tags);
  }
  return { rows, readable, gone, goneUnlisted, looks, tags };
}

/** The stored value where the incoming one is NULL: pages do not say everything that listings say, nor always the board. */
const orStored = (column: PgColumn): SQL => sql`coalesce(excluded.${sql.identifier(column.name)}, ${column})`;

/** A thread that moved loses is_complete: in its new board it would end a walk above threads that were never checked. */
const upsertThreads = statement<{ rows: ThreadRow[]; revision: number }>(
  upsert(threads, columnsExcept(threads, ownColumns), {
    key: "tid",
    touched: { is_complete: sql`false`, ...stamp },
    merged: {
      bid: orStored(threads.bid),
      hit_count: orStored(threads.hit_count),
      est_number_of_replies: orStored(threads.est_number_of_replies),
      listed_last_post: orStored(threads.listed_last_post),
      is_complete: sql`coalesce(${threads.is_complete}, false) and excluded.is_closed and not excluded.is_sticky
        and not excluded.is_global and ${threads.bid} is not distinct from ${orStored(threads.bid)}`,
    },
  }),
);

const markReadable = statement<{ tids: number[]; revision: number }>(
  db
    .update(threads)
    .set({ gone_at: null, ...stamp })
    .where(and(isAmong(threads.tid, parameter("tids")), isNotNull(threads.gone_at))),
);

const markGone = statement<{ tids: number[]; revision: number }>(
  db
    .update(threads)
    .set({ gone_at: now, ...stamp })
    .where(and(isAmong(threads.tid, parameter("tids")), isNull(threads.gone_at))),
);

const isUnlisted = isAmong(threads.tid, parameter("unlisted"));

/** Of gone threads, whether a listing shows them. */
const markGoneUnlisted = statement<{ tids: number[]; unlisted: number[] }>(
  db
    .update(threads)
    .set({ is_unlisted: isUnlisted })
    .where(and(isAmong(threads.tid, parameter("tids")), sql`${threads.is_unlisted} is distinct from (${isUnlisted})`)),
);

const markUnlisted = statement<{ tids: number[]; isUnlisted: boolean }>(
  db
    .update(threads)
    .set({ is_unlisted: parameter("isUnlisted") })
    .where(
      and(
        isAmong(threads.tid, parameter("tids")),
        isNull(threads.gone_at),
        sql`${threads.is_unlisted} is distinct from ${parameter("isUnlisted")}`,
      ),
    ),
);

/** No news for the analytics, and so no revision. A potstats2 thread below all listings has no date of its last post yet. */
const updateLooks = statement<{ rows: Look[] }>(
  db
    .update(threads)
    .set({
      check_page: sql`incoming.check_page`,
      page_shift: sql`coalesce(incoming.page_shift, ${threads.page_shift})`,
      checked_at: now,
      listed_last_post: sql`coalesce(${threads.listed_last_post}, (select timestamp from ${posts} where ${posts.pid} = ${threads.last_pid}))`,
    })
    .from(recordset(columnsOf(threads, ["tid", "check_page", "page_shift"])))
    .where(eq(threads.tid, sql`incoming.tid`)),
);

const updateTags = statement<{ rows: { tid: number; tags: string[] }[]; revision: number }>(
  db
    .update(threads)
    .set({ ...incoming([threads.tags]), ...stamp })
    .from(recordset([threads.tid, threads.tags]))
    .where(and(eq(threads.tid, sql`incoming.tid`), sql`${threads.tags} is distinct from incoming.tags`)),
);

/** Sends what inserts and updates threads. @param stored ids of those that exist */
export function writeThreads(
  batch: Batch,
  changes: Change[],
  stored: Set<number>,
  revision: number,
  effects: Effects,
): void {
  const { rows, readable, gone, goneUnlisted, looks, tags } = threadsIn(changes);
  if (rows.size > 0) {
    const list = [...rows.values()];
    insertMissingBoards(batch, list, revision);
    batch.send(upsertThreads({ rows: list, revision }));
    effects.threads_added += [...rows.keys()].filter((tid) => !stored.has(tid)).length;
  }
  if (readable.size > 0) batch.send(markReadable({ tids: [...readable], revision }));
  if (gone.size > 0) {
    const tids = [...gone];
    batch.send(markGone({ tids, revision }), ({ count }) => void (effects.threads_gone += count));
    batch.send(markGoneUnlisted({ tids, unlisted: [...goneUnlisted] }));
  }
  for (const change of changes) if (change.kind === "unlisted") batch.send(markUnlisted(change));
  if (looks.size > 0) batch.send(updateLooks({ rows: [...looks.values()] }));
  if (tags.size > 0)
    batch.send(updateTags({ rows: Array.from(tags, ([tid, list]) => ({ tid, tags: list })), revision }));
}
