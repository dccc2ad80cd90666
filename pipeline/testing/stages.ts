/** For tests: takes a simulated forum through every stage, and serves the result. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { silent } from "@potstats/cli/progress";
import { crawl, type CrawlSummary } from "@potstats/crawler/crawl";
import { testDatabase } from "@potstats/db/testing/database";
import type { Sql } from "@potstats/db/connect";
import { openMeilisearch, type OpenMeilisearch } from "@potstats/search/embedded";
import { fillIndex } from "@potstats/search/fill";
import { serveApp, type Served } from "@potstats/server/serve";
import { serveSettings } from "@potstats/server/testing/settings";
import { createForum, type Forum, type ForumOptions } from "@potstats/simulator/forum";

export const timezone = "Europe/Berlin";
/** Relative links in posts are resolved against this URL. */
export const forumUrl = "https://forum.example";

export interface ServedForum {
  forum: Forum;
  sql: Sql;
  /** Address of the server. */
  url: string;
  /** Summary of the first crawl. */
  summary: CrawlSummary;
  /** Crawls again. */
  crawlAgain(): Promise<CrawlSummary>;
  stop(): Promise<void>;
}

/** A forum and the databases that it fills. */
interface Filling {
  forum: Forum;
  sql: Sql;
  meili: OpenMeilisearch | null;
  signal?: AbortSignal | undefined;
}

/** Crawls a forum at an address. */
const crawlAt = (address: string, { sql, signal }: Pick<Filling, "sql" | "signal">) =>
  crawl({
    sql,
    forumUrl: address,
    profilesUrl: address,
    boards: "all",
    profiles: true,
    delay_ms: 0,
    concurrency: 4,
    progress: silent,
    ...(signal ? { signal } : {}),
  });

const listen = (forum: Forum) =>
  Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });

/** Crawls over HTTP from an address, analyzes and indexes. @returns the summary of the crawl */
async function fill(address: string, { sql, meili, signal }: Omit<Filling, "forum">): Promise<CrawlSummary> {
  const abortable = signal ? { signal } : {};
  const summary = await crawlAt(address, { sql, signal });
  signal?.throwIfAborted();
  await analyze({ sql, timezone, forumUrl, full: false, ...abortable });
  await fillIndex({ sql, meili: meili ?? undefined, full: false, progress: silent, ...abortable });
  signal?.throwIfAborted();
  return summary;
}

/** Crawls over HTTP, analyzes and indexes. */
export async function fillForum({ forum, ...filling }: Filling): Promise<void> {
  const server = listen(forum);
  try {
    await fill(server.url.origin, filling);
  } finally {
    await server.stop(true);
  }
}

/** Serves a filled database and its index. */
export const serveFilled = (databaseUrl: string, meili: OpenMeilisearch | null, folder: string): Promise<Served> =>
  serveApp(
    serveSettings({
      DATA_DIR: folder,
      DATABASE_URL: databaseUrl,
      MEILI_URL: meili?.url,
      MEILI_MASTER_KEY: meili?.key,
      FORUM_URL: forumUrl,
      PROFILES_URL: "https://profiles.example",
      STATS_TIMEZONE: timezone,
      IMPRINT_NAME: "Ines Impressum",
      IMPRINT_CONTACT: "ines@stats.example",
    }),
  );

/**
 * Crawls over HTTP, analyzes, indexes and serves.
 * @throws AbortError when aborted meanwhile; everything is closed then
 */
export async function serveForum(options: ForumOptions, signal?: AbortSignal): Promise<ServedForum> {
  await using cleanup = new AsyncDisposableStack();
  const forum = createForum(options);
  const server = listen(forum);
  cleanup.defer(() => server.stop(true));
  const address = server.url.origin;
  const folder = await mkdtemp(join(tmpdir(), "potstats-"));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const database = await testDatabase();
  cleanup.defer(() => database.drop());
  const { sql } = database;
  const meili = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: folder });
  cleanup.defer(() => meili?.close());
  const summary = await fill(address, { sql, meili, signal });
  const served = await serveFilled(database.url, meili, folder);
  cleanup.defer(() => served.stop());
  const everything = cleanup.move();
  return {
    forum,
    sql,
    url: served.url,
    summary,
    crawlAgain: () => crawlAt(address, { sql, signal }),
    stop: () => everything.disposeAsync(),
  };
}
