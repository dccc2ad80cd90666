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
    const changes = await withoutForgotten(tx, seen);
    const [next] = await tx<{ revision: number }[]>`select nextval('crawl_revision') as revision`;
    const revision = next?.revision ?? 0;
    await writeBoards(tx, changes, revision);
    await writeThreads(tx, changes, revision, effects);
    await writeUsers(tx, changes, revision);
    await writePosts(tx, changes, revision, effects);
    await writeProfiles(tx, changes, revision);
    await writeWorkList(tx, changes);
    await writeWalks(tx, changes, revision);
    await tx`
      insert into worldeater_state as s (singleton, nomnom_time, num_api_requests, rx_bytes, tx_bytes, retries,
        posts_added, posts_changed, posts_hidden, threads_added, threads_gone)
      values (0, ${traffic.nomnom_time}, ${traffic.num_api_requests}, ${traffic.rx_bytes}, ${traffic.tx_bytes}, ${traffic.retries},
        ${effects.posts_added}, ${effects.posts_changed}, ${effects.posts_hidden}, ${effects.threads_added}, ${effects.threads_gone})
      on conflict (singleton) do update set
        nomnom_time = coalesce(s.nomnom_time, 0) + excluded.nomnom_time,
        num_api_requests = coalesce(s.num_api_requests, 0) + excluded.num_api_requests,
        rx_bytes = coalesce(s.rx_bytes, 0) + excluded.rx_bytes, tx_bytes = coalesce(s.tx_bytes, 0) + excluded.tx_bytes,
        retries = s.retries + excluded.retries, posts_added = s.posts_added + excluded.posts_added,
        posts_changed = s.posts_changed + excluded.posts_changed, posts_hidden = s.posts_hidden + excluded.posts_hidden,
        threads_added = s.threads_added + excluded.threads_added, threads_gone = s.threads_gone + excluded.threads_gone`;
    return effects;
  }) as Promise<Effects>;
}
