/** Writes threads as listings and pages show them. */
import type { Transaction } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import { posts, threads } from "@potstats/db/crawled";
import { and, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { type StatementBatch, db, execute, isAmong, now, parameter, stamp, statement } from "./statements.ts";
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

/** Columns that the crawler sets itself; all others come from a listing or a page. */
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

interface Check {
  tid: number;
  check_page: number | null;
  page_shift: number | null;
}

/** Thread data in the changes of a batch; the later change wins. */
interface ThreadsInChanges {
  rows: Map<number, ThreadRow>;
  /** Threads of which a page was read. */
  readable: Set<number>;
  gone: Set<number>;
  /** Gone threads that no listing shows. */
  goneUnlisted: Set<number>;
  checks: Map<number, Check>;
  tags: Map<number, string[]>;
}

/**
 * Gathers thread data. Title, board and flags come from listings and pages; hit count, replies and last date only from
 * listings, because the next pass compares them with the listing to detect changes.
 */
function threadsIn(changes: Change[]): ThreadsInChanges {
  const rows = new Map<number, ThreadRow>();
  const readable = new Set<number>();
  const gone = new Set<number>();
  const goneUnlisted = new Set<number>();
  const checks = new Map<number, Check>();
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
    } else if (change.kind === "read") checks.set(change.tid, { ...change, check_page: null });
    else if (change.kind === "checked") checks.set(change.tid, { ...change, page_shift: null });
    else if (change.kind === "tags") tags.set(change.tid, change.tags);
  }
  return { rows, readable, gone, goneUnlisted, checks, tags };
}

/** The stored value if the incoming one is NULL: pages lack some values of listings, and sometimes the board. */
const orStored = (column: PgColumn): SQL => sql`coalesce(excluded.${sql.identifier(column.name)}, ${column})`;

/**
 * A moved thread loses is_complete: in its new board it would end a walk above threads that were never checked. So does
 * one whose listing changed, until the walk has ended: after a kill, it would end the next one above the rest. And so
 * does one that is dated in the future, because threads with new posts are listed below it.
 */
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
        and not excluded.is_global and ${threads.bid} is not distinct from ${orStored(threads.bid)}
        and ${threads.listed_last_post} is not distinct from ${orStored(threads.listed_last_post)}
        and coalesce(${threads.listed_last_post} <= ${now}, true)`,
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

/** Records whether a listing still shows the gone threads. */
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

/**
 * Checks do not concern the analytics, so they get no revision. Adopted threads below all listings lack
 * listed_last_post.
 */
const updateChecks = statement<{ rows: Check[] }>(
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

/** Inserts and updates threads. @param stored ids of existing threads */
export function writeThreads(
  batch: StatementBatch,
  changes: Change[],
  stored: Set<number>,
  revision: number,
  effects: Effects,
): void {
  const { rows, readable, gone, goneUnlisted, checks, tags } = threadsIn(changes);
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
  if (checks.size > 0) batch.send(updateChecks({ rows: [...checks.values()] }));
  if (tags.size > 0)
    batch.send(updateTags({ rows: Array.from(tags, ([tid, list]) => ({ tid, tags: list })), revision }));
}
