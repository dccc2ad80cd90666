/** Categories and boards. */
import type { Row } from "@potstats/db/row";
import { boards, categories, posts, threads, worldeaterState, worldeaterTnu } from "@potstats/db/crawled";
import { and, eq, isNotNull, isNull, not, notExists, sql } from "drizzle-orm";
import { type StatementBatch, db, isAmong, now, parameter, stamp, statement } from "./statements.ts";
import type { Change } from "./changes.ts";
import { columnsExcept, columnsOf, incoming, recordset, upsert } from "./upsert.ts";

type BoardRow = Row<typeof boards, "bid" | "cid" | "name" | "description">;

const upsertCategories = statement<{ rows: Row<typeof categories>[] }>(
  upsert(categories, columnsExcept(categories, []), { key: "cid" }),
);
const upsertBoards = statement<{ rows: BoardRow[]; revision: number }>(
  upsert(boards, columnsOf(boards, ["bid", "cid", "name", "description"]), { key: "bid", touched: stamp }),
);

/** Writes boards as boards.php lists them. Boards that vanished from the list are kept. */
export function writeBoards(batch: StatementBatch, changes: Change[], revision: number): void {
  for (const change of changes) {
    if (change.kind !== "boards") continue;
    const { document } = change;
    const categoriesById = new Map(document.categories.map((category) => [category.cid, category]));
    const boardsById = new Map(document.boards.map((board) => [board.bid, board]));
    batch.send(upsertCategories({ rows: [...categoriesById.values()] }));
    batch.send(upsertBoards({ rows: [...boardsById.values()], revision }));
  }
}

type ThreadBoard = Row<typeof threads, "bid">;

const insertMissing = statement<{ rows: ThreadBoard[]; revision: number }>(sql`
  insert into ${boards} (bid, revision)
  select distinct bid, ${stamp.revision}::bigint from ${recordset([boards.bid])} where bid is not null
  on conflict do nothing`);

/** Inserts boards that threads reference but boards.php does not list, without a name. */
export function insertMissingBoards(batch: StatementBatch, rows: ThreadBoard[], revision: number): void {
  batch.send(insertMissing({ rows: rows.map(({ bid }) => ({ bid })), revision }));
}

const markWalked = statement<{ bids: number[] }>(
  db
    .update(boards)
    .set({ initial_pass_at: now })
    .where(and(isAmong(boards.bid, parameter("bids")), isNull(boards.initial_pass_at))),
);

/**
 * New posts of other threads are dated later than this crawl, and listed above a thread whose last post is older. The
 * hour is for a forum whose clock is behind that of the database.
 */
const isOlderThanCrawl = sql`
  coalesce(${threads.listed_last_post}, (select timestamp from ${posts} where ${posts.pid} = ${threads.last_pid}))
    < (select last_crawl_started_at from ${worldeaterState}) - interval '1 hour'`;

const markComplete = statement<{ bid: number; except: number[]; revision: number }>(
  db
    .update(threads)
    .set({ is_complete: true, ...stamp })
    .where(
      and(
        eq(threads.bid, parameter("bid")),
        not(isAmong(threads.tid, parameter("except"))),
        eq(threads.is_closed, true),
        eq(threads.is_sticky, false),
        eq(threads.is_global, false),
        sql`not coalesce(${threads.is_complete}, false)`,
        isNotNull(threads.last_pid),
        isNull(threads.gone_at),
        isOlderThanCrawl,
        notExists(db.select().from(worldeaterTnu).where(eq(worldeaterTnu.tid, threads.tid))),
      ),
    ),
);

/**
 * Marks boards whose listing was walked. Every listed thread has been checked or queued, so threads that are closed and
 * fully read become complete, and may end the next walk. Those that an update walk has seen changed do not: a thread
 * that slipped past this walk may be listed below them, and the next walk has to reach it.
 */
export function writeWalks(batch: StatementBatch, changes: Change[], revision: number): void {
  const walks = changes.filter((change) => change.kind === "walked");
  if (walks.length > 0) batch.send(markWalked({ bids: walks.map(({ bid }) => bid) }));
  for (const { bid, except } of walks) batch.send(markComplete({ bid, except, revision }));
}

/** Progress of the patrol does not concern the analytics, so it gets no revision. */
const updateReviews = statement<{ rows: Row<typeof boards, "bid" | "review_page">[] }>(
  db
    .update(boards)
    .set({
      ...incoming([boards.review_page]),
      reviewed_at: sql`case when incoming.review_page is null then ${now} else ${boards.reviewed_at} end`,
    })
    .from(recordset([boards.bid, boards.review_page]))
    .where(eq(boards.bid, sql`incoming.bid`)),
);

const updateSurplus = statement<{ rows: Row<typeof boards, "bid" | "surplus">[] }>(
  db
    .update(boards)
    .set(incoming([boards.surplus]))
    .from(recordset([boards.bid, boards.surplus]))
    .where(eq(boards.bid, sql`incoming.bid`)),
);

/** Records how far the patrol has read the boards' listings, and what they count. */
export function writeReviews(batch: StatementBatch, changes: Change[]): void {
  const reviews = changes.filter((change) => change.kind === "reviewed");
  if (reviews.length > 0) batch.send(updateReviews({ rows: reviews }));
  const counts = changes.filter((change) => change.kind === "counted");
  if (counts.length > 0) batch.send(updateSurplus({ rows: counts }));
}
