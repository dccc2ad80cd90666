/** For tests of whole crawls: before each test, a forum without threads and empty tables. */
import { afterAll, beforeEach } from "bun:test";
import { testDatabase } from "@potstats/db/testing/database";
import { crawl, type CrawlOptions, type CrawlSummary } from "../crawl.ts";
import { crawlOptions, emptyTables, StagedForum } from "./staged-forum.ts";

/** @param options of all passes of the test file */
export async function stagedCrawls(options: Partial<CrawlOptions> = {}) {
  const database = await testDatabase();
  const { sql } = database;
  const forum = new StagedForum();
  beforeEach(async () => {
    forum.reset();
    await emptyTables(sql);
  });
  afterAll(async () => {
    await forum.stop();
    await database.drop();
  });
  return {
    forum,
    database,
    sql,
    /** Crawls; the forum's log then has the requests of this pass only. */
    pass(more: Partial<CrawlOptions> = {}): Promise<CrawlSummary> {
      forum.log = [];
      return crawl(crawlOptions(sql, forum, { ...options, ...more }));
    },
    /** The stored posts of a thread that have not vanished. */
    async pids(tid: number): Promise<number[]> {
      const rows = await sql<{ pid: number }[]>`
        select pid from posts where tid = ${tid} and gone_at is null order by pid`;
      return rows.map(({ pid }) => pid);
    },
  };
}
