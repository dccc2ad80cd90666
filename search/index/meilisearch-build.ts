/**
 * A new Meilisearch index being filled. Filling it takes an hour with millions of posts, so its progress is kept in the
 * database, and the next run continues after a kill.
 */
import type { Sql } from "@potstats/db/connect";
import { drizzleOn } from "@potstats/db/drizzle";
import type { Row } from "@potstats/db/row";
import { build as buildTable, searchVersion } from "@potstats/db/search-index";
import type { Meilisearch } from "meilisearch";
import type { FillEngineOptions } from "./fill-engine.ts";

export interface Build {
  /** The page of `search.posts` to continue with. */
  page: number;
  /** The revision of the posts that are already in the index. */
  revision: number;
  /** Remembers that the index holds the rows before a page. */
  save(page: number): Promise<unknown>;
  finish(): Promise<unknown>;
}

const createdAt = async (client: Meilisearch, index: string): Promise<string | undefined> => {
  const { results } = await client.getRawIndexes({ limit: 1000 });
  return results.find(({ uid }) => uid === index)?.createdAt as string | undefined;
};

/**
 * Continues the last build if it began under the same conditions, or begins a new one.
 * @param index the name of the index
 * @param create creates it, empty
 */
export async function openBuild(
  client: Meilisearch,
  sql: Sql,
  index: string,
  create: () => Promise<void>,
  { analysis, isFresh = false }: Pick<FillEngineOptions, "analysis" | "isFresh">,
): Promise<Build> {
  const db = drizzleOn(sql);
  const [{ file } = { file: 0 }] = await sql<
    { file: number }[]
  >`select pg_relation_filenode('search.posts')::int8 as file`;
  const conditions = { version: searchVersion, timezone: analysis.timezone, file };
  let [build] = await db.select().from(buildTable);
  if (
    !build ||
    isFresh ||
    build.version !== conditions.version ||
    build.timezone !== conditions.timezone ||
    build.file !== file ||
    // A higher revision means that an older database was restored.
    build.revision > analysis.revision ||
    build.created_at !== (await createdAt(client, index))
  ) {
    await db.delete(buildTable);
    await create();
    const created_at = await createdAt(client, index);
    if (created_at === undefined)
      throw new Error(`something else deleted Meilisearch's index ${index} during this run`);
    build = { ...conditions, created_at, revision: analysis.revision, page: 0 } satisfies Row<typeof buildTable>;
    await db.insert(buildTable).values(build);
  }
  return {
    page: build.page,
    revision: build.revision,
    save: async (page) => await db.update(buildTable).set({ page }),
    finish: async () => await db.delete(buildTable),
  };
}

/**
 * Drops a build that nobody will continue, because the previous index is still in use: it may hold texts that were
 * removed since.
 */
export async function dropBuild(client: Meilisearch, sql: Sql, names: string[]): Promise<void> {
  const dropped = await drizzleOn(sql).delete(buildTable).returning();
  if (dropped.length > 0) for (const name of names) await client.deleteIndex(name).waitTask({ timeout: 600_000 });
}
