/** Threads with hidden posts, which the forum counts for the position of later ones. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Sql } from "@potstats/db/connect";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { crawl, type CrawlSummary } from "../crawl.ts";
import { crawlOptions, emptyTables, StagedForum, staged } from "../testing/staged-forum.ts";

let forum: StagedForum;
let database: TestDatabase;
let sql: Sql;

beforeAll(async () => {
  database = await testDatabase();
  sql = database.sql;
});
afterAll(() => database.drop());
beforeEach(async () => {
  forum = new StagedForum();
  await emptyTables(sql);
});
afterEach(() => forum.stop());

function pass(): Promise<CrawlSummary> {
  forum.log = [];
  return crawl(crawlOptions(sql, forum, { patrol: 0 }));
}
const pids = async (): Promise<number[]> =>
  (await sql<{ pid: number }[]>`select pid from posts where tid = 7 and gone_at is null order by pid`).map(
    ({ pid }) => pid,
  );
const requests = () => forum.log.filter((line) => line.startsWith("xml/thread.php"));

test.each([30, 35, 95])("%d of them do not cause the whole thread to be read for each new post", async (count) => {
  const hidden = staged(1000, count, { hidden: true });
  const { posts } = forum.stage({ tid: 7, bid: 14, posts: [...hidden, ...staged(2000, 598)] });
  await pass();
  for (let at = 0; at < 35; at++) {
    posts.push(...staged(5000 + at, 1));
    expect(await pass()).toMatchObject({ posts_added: 1, posts_hidden: 0 });
    // The page of the last post, the last page, the next one, and that one from the work list.
    expect(requests().length).toBeLessThanOrEqual(4);
  }
  expect(await pids()).toHaveLength(633);
  posts[count + 40]!.hidden = true;
  posts.push(...staged(6000, 1));
  expect(await pass()).toMatchObject({ posts_added: 1, posts_hidden: 1 });
  expect(await pids()).toEqual(posts.filter((post) => !post.hidden).map(({ pid }) => pid));
});
