/** Connects to Meilisearch, and identifies the contents of its indexes. */
import { type Config, Meilisearch } from "meilisearch";
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
export const configOf = ({ url, key }: MeilisearchServer, requestTimeout_ms?: number): Config => ({
  host: url,
  ...(key ? { apiKey: key } : {}),
  ...(requestTimeout_ms ? { timeout: requestTimeout_ms } : {}),
  requestInit: { headers: { "Accept-Encoding": "identity" } },
});

export const clientOf = (server: MeilisearchServer, requestTimeout_ms?: number): Meilisearch =>
  new Meilisearch(configOf(server, requestTimeout_ms));

/**
 * Identifies the contents of the three indexes: Meilisearch changes `updatedAt` with every change of documents or settings,
 * in the same transaction, and keeps it when an index is swapped or restored. Another version may search them differently,
 * so its version is part of it. The cost does not depend on the number of documents.
 */
export async function indexId(client: Meilisearch): Promise<string> {
  const [{ pkgVersion }, ...infos] = await Promise.all([
    client.getVersion(),
    ...Object.values(indexes).map((name) => client.index(name).getRawInfo()),
  ]);
  const parts = infos.map(({ createdAt, updatedAt }) => `${String(createdAt)} ${String(updatedAt)}`);
  return [pkgVersion, ...parts].join(" ");
}

/** Whether two ids are of the same indexes, whatever documents they hold. @param id as {@link indexId} returns it */
export function areSameIndexes(id: string, other: string): boolean {
  // Every second part from the version on is when an index was created.
  const lasting = (parts: string) => parts.split(" ").filter((_, at) => at === 0 || at % 2 === 1);
  return lasting(id).join(" ") === lasting(other).join(" ");
}
