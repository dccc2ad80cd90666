/** Connects to Meilisearch, and checks whether its indexes are still the ones we filled. */
import type { Row } from "@potstats/db/row";
import type { state } from "@potstats/db/search-index";
import { Meilisearch } from "meilisearch";
import { indexes } from "./meilisearch-settings.ts";

export interface MeilisearchServer {
  url: string;
  key: string | undefined;
}

/**
 * Requests uncompressed responses: compressed ones take 44 ms each on a keep-alive connection (two small writes meeting
 * a delayed acknowledgment), uncompressed ones 2 ms.
 * @param requestTimeout_ms none by default
 */
export const clientOf = ({ url, key }: MeilisearchServer, requestTimeout_ms?: number): Meilisearch =>
  new Meilisearch({
    host: url,
    ...(key ? { apiKey: key } : {}),
    ...(requestTimeout_ms ? { timeout: requestTimeout_ms } : {}),
    requestInit: { headers: { "Accept-Encoding": "identity" } },
  });

/** Identifies the posts' index: a full run creates another one. */
export const indexId = async (client: Meilisearch): Promise<string> =>
  String((await client.index(indexes.post).getRawInfo()).createdAt);

/** An index's identity and size at the end of the last run. */
export type FilledIndex = Row<typeof state, "index_id" | "post_count" | "thread_count">;

/** The least share of the counted documents that an index holds during an update. */
const minShareDuringUpdate = 0.9;

/**
 * Whether the indexes are the ones that we filled and hold the same number of documents. They may belong to another
 * database or an older backup, be half filled, or have been emptied.
 * @param isUpdating whether a run is filling them right now, so that the numbers may differ
 */
export async function isStillOurs(
  client: Meilisearch,
  { index_id, post_count, thread_count }: FilledIndex,
  isUpdating = false,
): Promise<boolean> {
  const [id, stats] = await Promise.all([indexId(client), client.getStats()]);
  const holds = (index: string, count: number) => {
    const actual = stats.indexes[index]?.numberOfDocuments;
    return actual !== undefined && (isUpdating ? actual >= count * minShareDuringUpdate : actual === count);
  };
  return (
    id === index_id &&
    holds(indexes.post, post_count) &&
    holds(indexes.thread, thread_count) &&
    stats.indexes[indexes.user] !== undefined
  );
}
