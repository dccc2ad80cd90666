/** Writes the durable work list: threads to be read, and the page to start from. */
import { worldeaterTnu as workList } from "@potstats/db/crawled";
import { eq, sql } from "drizzle-orm";
import { maxId } from "../read/xml.ts";
import { type StatementBatch, db, isAmong, parameter, statement } from "./statements.ts";
import type { Change } from "./changes.ts";
import { columnsExcept, incoming, recordset, upsert } from "./upsert.ts";

type Entry = typeof workList.$inferSelect;

/** A thread that is queued already keeps the earlier page. */
const queue = statement<{ rows: Entry[] }>(
  upsert(workList, columnsExcept(workList, []), {
    key: "tid",
    merged: { start_page: sql`least(greatest(${workList.start_page}, 1), excluded.start_page)` },
  }),
);

const updateProgress = statement<{ rows: Pick<Entry, "tid" | "start_page">[] }>(
  db
    .update(workList)
    .set(incoming([workList.start_page]))
    .from(recordset([workList.tid, workList.start_page]))
    .where(eq(workList.tid, sql`incoming.tid`)),
);

const remove = statement<{ tids: number[] }>(db.delete(workList).where(isAmong(workList.tid, parameter("tids"))));

/** Limits values to `int`: a thread of 2^31 - 1 replies has one more post. */
const limited = (value: number): number => Math.min(value, maxId);

/** Queues threads, records their progress, and removes those that are done. */
export function writeWorkList(batch: StatementBatch, changes: Change[]): void {
  const queued = new Map<number, Entry>();
  const progress = new Map<number, number>();
  const done = new Set<number>();
  for (const change of changes) {
    if (change.kind === "queue") {
      const { tid, start_page, est_number_of_posts: count } = change;
      queued.set(tid, {
        tid,
        start_page: limited(start_page),
        est_number_of_posts: count === null ? null : limited(count),
      });
      done.delete(tid);
    } else if (change.kind === "progress") progress.set(change.tid, limited(change.start_page));
    else if (change.kind === "done" || change.kind === "read" || change.kind === "gone") {
      done.add(change.tid);
      queued.delete(change.tid);
      progress.delete(change.tid);
    }
  }
  if (queued.size > 0) batch.send(queue({ rows: [...queued.values()] }));
  if (progress.size > 0)
    batch.send(updateProgress({ rows: Array.from(progress, ([tid, start_page]) => ({ tid, start_page })) }));
  if (done.size > 0) batch.send(remove({ tids: [...done] }));
}
