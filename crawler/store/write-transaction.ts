/**
 * Writes a batch of changes in one transaction with one revision. Only the crawler writes the schema `public`, and only
 * here.
 */
import type { Sql } from "@potstats/db/connect";
import { worldeaterState as state } from "@potstats/db/crawled";
import { sql as raw } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Traffic } from "../forum/request.ts";
import { maxId } from "../read/xml.ts";
import { StatementBatch, db, parameter, statement } from "./statements.ts";
import { writeBoards, writeReviews, writeWalks } from "./boards.ts";
import { type Change, type Effects, noEffects } from "./changes.ts";
import { forgottenUsers, withoutForgotten } from "./forgotten.ts";
import { postsOn, readPosts, writePosts } from "./posts.ts";
import { writeProfiles } from "./profiles.ts";
import { readThreadIds, writeThreads } from "./threads.ts";
import { peopleOn, readUsers, writeUsers } from "./users.ts";
import { writeWorkList } from "./work-list.ts";

/** Requests since the last transaction, and the seconds that they took. */
export interface Spent extends Traffic {
  nomnom_time: number;
}

/**
 * Writes changes in one transaction, all or nothing. It is idempotent.
 * @param received changes as the forum shows them; of a forgotten user's posts, only their existence is written
 * @param spent added to the totals
 * @param onSent called when every statement has been sent to PostgreSQL
 */
export async function writeTransaction(
  sql: Sql,
  received: Change[],
  spent: Spent,
  onSent: () => void = () => {},
): Promise<Effects> {
  return sql.begin(async (tx) => {
    const effects = noEffects();
    let [people, posts] = [peopleOn(received), postsOn(received)];
    // The backend of a killed crawl may still be committing. The row lock serializes writers, so that revisions become
    // visible in ascending order.
    const next = tx<{ revision: number }[]>`
      select nextval('crawl_revision') as revision from (select from worldeater_state for update) as one_writer_at_a_time`.execute();
    const [[taken], forgotten, storedThreads, storedUsers, storedPosts] = await Promise.all([
      next,
      forgottenUsers(tx),
      readThreadIds(tx, received),
      readUsers(tx, people),
      readPosts(tx, posts),
    ]);
    if (!taken) throw new Error("worldeater_state is empty: the crawl has not begun");
    const { revision } = taken;
    const changes = await withoutForgotten(tx, received, forgotten);
    if (changes !== received) [people, posts] = [peopleOn(changes), postsOn(changes)];
    const batch = new StatementBatch(tx);
    writeBoards(batch, changes, revision);
    writeThreads(batch, changes, storedThreads, revision, effects);
    writeUsers(batch, people, storedUsers, revision);
    writePosts(batch, posts, storedPosts, revision, effects);
    writeProfiles(batch, changes, revision);
    writeWorkList(batch, changes);
    writeWalks(batch, changes, revision);
    writeReviews(batch, changes);
    // By the next turn of the event loop, the driver has written to its socket.
    setImmediate(onSent);
    await batch.read();
    batch.send(addTotals({ ...spent, ...effects }));
    await batch.done();
    return effects;
  }) as Promise<Effects>;
}

/** A sum for a 32-bit column of potstats2, limited to the column's maximum. */
const bounded = (column: PgColumn) =>
  raw`least(coalesce(${column}, 0)::bigint + ${parameter(column.name)}, ${raw.raw(String(maxId))})`;
const increased = (column: PgColumn) => raw`coalesce(${column}, 0) + ${parameter(column.name)}`;

const addTotals = statement<Spent & Effects>(
  db.update(state).set({
    nomnom_time: bounded(state.nomnom_time),
    num_api_requests: bounded(state.num_api_requests),
    rx_bytes: increased(state.rx_bytes),
    tx_bytes: increased(state.tx_bytes),
    retries: increased(state.retries),
    posts_added: increased(state.posts_added),
    posts_changed: increased(state.posts_changed),
    posts_hidden: increased(state.posts_hidden),
    threads_added: increased(state.threads_added),
    threads_gone: increased(state.threads_gone),
  }),
);
