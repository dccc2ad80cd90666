/** For tests: takes a simulated forum through every stage, and serves the result. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { silent } from "@potstats/cli/progress";
import { crawl, type CrawlSummary } from "@potstats/crawler/crawl";
import { testDatabase } from "@potstats/db/testing/database";
import type { Sql } from "@potstats/db/connect";
import { openMeilisearch } from "@potstats/search/embedded";
import { fillIndex } from "@potstats/search/fill";
import { serveApp } from "@potstats/server/serve";
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

/** Crawls over HTTP, analyzes, indexes and serves. */
export async function serveForum(options: ForumOptions): Promise<ServedForum> {
  const forum = createForum(options);
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
  const address = server.url.origin;
  const [database, folder] = await Promise.all([testDatabase(), mkdtemp(join(tmpdir(), "potstats-"))]);
  const { sql } = database;
  const crawlAgain = () =>
    crawl({
      sql,
      forumUrl: address,
      profilesUrl: address,
      boards: "all",
      profiles: true,
      delay_ms: 0,
      concurrency: 4,
      progress: silent,
    });
  const meili = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: folder });
  const summary = await crawlAgain();
  await analyze({ sql, timezone, forumUrl, full: false });
  await fillIndex({ sql, meili: meili ?? undefined, full: false, progress: silent });
  const served = await serveApp(
    serveSettings({
      DATA_DIR: folder,
      DATABASE_URL: database.url,
      MEILI_URL: meili?.url,
      MEILI_MASTER_KEY: meili?.key,
      FORUM_URL: forumUrl,
      PROFILES_URL: "https://profiles.example",
      STATS_TIMEZONE: timezone,
      IMPRINT_NAME: "Ines Impressum",
      IMPRINT_CONTACT: "ines@stats.example",
    }),
  );
  return {
    forum,
    sql,
    url: served.url,
    summary,
    crawlAgain,
    stop: async () => {
      await served.stop();
      await meili?.close();
      await server.stop(true);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
