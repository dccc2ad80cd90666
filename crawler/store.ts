/** Records → tables, set by set. The only writer of the schema `public`; one transaction per batch, one revision per transaction. */
import type { Sql } from "@potstats/db/connect";
import { type Change, type Effects, noEffects } from "./changes.ts";
import { withoutForgotten } from "./forgotten.ts";
import { writePosts } from "./store-posts.ts";
import { writeProfiles } from "./store-profiles.ts";
import { writeBoards, writeThreads, writeWalks, writeWorkList } from "./store-threads.ts";
import { writeUsers } from "./store-users.ts";

/**
 * Writes changes in one transaction, all or nothing. Doing it again changes nothing.
 * @param seen what pages showed; of forgotten users nothing is written but that there are posts
 * @param traffic what was requested since the last batch; added to the totals
 */
export async function writeChanges(
  sql: Sql,
  seen: Change[],
  traffic: { nomnom_time: number; num_api_requests: number; retries: number; rx_bytes: number; tx_bytes: number },
): Promise<Effects> {
  return sql.begin(async (tx) => {
    const effects = noEffects();
    // The backend of a killed crawl may still be committing: revisions are taken, and become visible, one after the other.
    const [next] = await tx<{ revision: number }[]>`
      select nextval('crawl_revision') as revision from (select from worldeater_state for update) as one_writer_at_a_time`;
    if (!next) throw new Error("worldeater_state is empty: the crawl has not begun");
    const { revision } = next;
    const changes = await withoutForgotten(tx, seen);
    await writeBoards(tx, changes, revision);
    await writeThreads(tx, changes, revision, effects);
    await writeUsers(tx, changes, revision);
    await writePosts(tx, changes, revision, effects);
    await writeProfiles(tx, changes, revision);
    await writeWorkList(tx, changes);
    await writeWalks(tx, changes, revision);
    await tx`
      update worldeater_state set
        nomnom_time = coalesce(nomnom_time, 0) + ${traffic.nomnom_time},
        num_api_requests = coalesce(num_api_requests, 0) + ${traffic.num_api_requests},
        rx_bytes = coalesce(rx_bytes, 0) + ${traffic.rx_bytes}, tx_bytes = coalesce(tx_bytes, 0) + ${traffic.tx_bytes},
        retries = retries + ${traffic.retries}, posts_added = posts_added + ${effects.posts_added},
        posts_changed = posts_changed + ${effects.posts_changed}, posts_hidden = posts_hidden + ${effects.posts_hidden},
        threads_added = threads_added + ${effects.threads_added}, threads_gone = threads_gone + ${effects.threads_gone}`;
    return effects;
  }) as Promise<Effects>;
}
