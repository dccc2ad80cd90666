/** Records → tables, set by set. The only writer of the schema `public`; one transaction per batch, one revision per transaction. */
import type { Sql } from "@potstats/db/connect";
import { type Change, type Effects, noEffects } from "./changes.ts";
import type { Traffic } from "../forum/client.ts";
import { forgottenUsers, withoutForgotten } from "./forgotten.ts";
import { knownPosts, postsOn, writePosts } from "./posts.ts";
import { writeProfiles } from "./profiles.ts";
import { knownThreads, writeBoards, writeThreads, writeWalks, writeWorkList } from "./threads.ts";
import { knownUsers, peopleOn, writeUsers } from "./users.ts";
import { Batch } from "./batch.ts";
import { maxId } from "../read/xml.ts";

/** What was requested since the last batch, and the seconds that took. */
export interface Spent extends Traffic {
  nomnom_time: number;
}

/**
 * Writes changes in one transaction, all or nothing. Doing it again changes nothing.
 * @param seen what pages showed; of forgotten users nothing is written but that there are posts
 * @param spent added to the totals
 * @param sent told when all is sent that has to be written
 */
export async function writeChanges(
  sql: Sql,
  seen: Change[],
  spent: Spent,
  sent: () => void = () => {},
): Promise<Effects> {
  return sql.begin(async (tx) => {
    const effects = noEffects();
    let [people, posts] = [peopleOn(seen), postsOn(seen)];
    // The backend of a killed crawl may still be committing: revisions are taken, and become visible, one after the other.
    const next = tx<{ revision: number }[]>`
      select nextval('crawl_revision') as revision from (select from worldeater_state for update) as one_writer_at_a_time`.execute();
    const [[taken], forgotten, threads, users, known] = await Promise.all([
      next,
      forgottenUsers(tx),
      knownThreads(tx, seen),
      knownUsers(tx, people),
      knownPosts(tx, posts),
    ]);
    if (!taken) throw new Error("worldeater_state is empty: the crawl has not begun");
    const { revision } = taken;
    const changes = await withoutForgotten(tx, seen, forgotten);
    if (changes !== seen) [people, posts] = [peopleOn(changes), postsOn(changes)];
    const batch = new Batch(tx);
    writeBoards(batch, changes, revision);
    writeThreads(batch, changes, threads, revision, effects);
    writeUsers(batch, people, users, revision);
    writePosts(batch, posts, known, revision, effects);
    writeProfiles(batch, changes, revision);
    writeWorkList(batch, changes);
    writeWalks(batch, changes, revision);
    // A turn of the event loop later it is on its way.
    setImmediate(sent);
    await batch.read();
    addTotals(batch, spent, effects);
    await batch.done();
    return effects;
  }) as Promise<Effects>;
}

function addTotals(batch: Batch, spent: Spent, effects: Effects): void {
  batch.send(batch.tx`
    update worldeater_state set
      -- Of 32 bits, as potstats2 has them: full ones stay so.
      nomnom_time = least(coalesce(nomnom_time, 0)::bigint + ${spent.nomnom_time}, ${maxId}),
      num_api_requests = least(coalesce(num_api_requests, 0)::bigint + ${spent.num_api_requests}, ${maxId}),
      rx_bytes = coalesce(rx_bytes, 0) + ${spent.rx_bytes}, tx_bytes = coalesce(tx_bytes, 0) + ${spent.tx_bytes},
      retries = retries + ${spent.retries}, posts_added = posts_added + ${effects.posts_added},
      posts_changed = posts_changed + ${effects.posts_changed}, posts_hidden = posts_hidden + ${effects.posts_hidden},
      threads_added = threads_added + ${effects.threads_added}, threads_gone = threads_gone + ${effects.threads_gone}`);
}
