/** Threads of which some pages cannot be read: the other pages are read, and no pass reads the whole thread again. */
import { beforeEach, expect, test } from "bun:test";
import type { CrawlSummary } from "../crawl.ts";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { staged, type StagedPost } from "../testing/staged-forum.ts";

const { forum, sql, pass, pids } = await stagedCrawls({ patrol: 0 });
let posts: StagedPost[];

beforeEach(() => {
  ({ posts } = forum.stage({ tid: 7, bid: 14, posts: staged(1000, 150) }));
  for (let tid = 20; tid < 25; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 10_000, 40) });
});

const breakPages = (...pages: number[]) => {
  forum.intercept = (url) =>
    url.search.startsWith("?TID=7&page=") && pages.includes(Number(url.searchParams.get("page")))
      ? new Response("<thread id='7'><posts><post")
      : null;
};
const failed = ({ failures }: CrawlSummary) => failures.map(({ what }) => what);
const without = (...pages: number[]) =>
  posts.filter((_, at) => !pages.includes(Math.floor(at / 30) + 1)).map(({ pid }) => pid);
const requests = () => forum.log.filter((line) => line.startsWith("xml/thread.php?TID=7&"));
const contentOf = async (pid: number) =>
  (await sql`select content from post_contents where pid = ${pid}`)[0]?.["content"];

const some = [[1], [2], [4], [1, 2], [2, 4]].map((broken) => ({ broken }));

test.each(some)("the pages next to unreadable ones are read: $broken", async ({ broken }) => {
  breakPages(...broken);
  expect(failed(await pass())).toEqual(broken.map((page) => `thread 7, page ${page}`));
  expect(await pids(7)).toEqual(without(...broken));
  breakPages();
  expect(failed(await pass())).toEqual([]);
  expect(await pids(7)).toEqual(without());
  expect(await sql`select from worldeater_tnu`).toHaveLength(0);
});

test("later passes try the page again, and find new posts and edits at few requests", async () => {
  breakPages(2);
  await pass();
  posts[3]!.content = "nachgebessert";
  for (let at = 0; at < 40; at++) {
    posts.push(...staged(2000 + at, 1));
    const summary = await pass();
    expect(failed(summary)).toEqual(["thread 7, page 2"]);
    expect(summary).toMatchObject({ posts_added: 1, posts_hidden: 0 });
    // The unreadable page twice, up to four pages at the end, and one earlier page.
    expect(requests().length).toBeLessThanOrEqual(7);
  }
  expect(await contentOf(1003)).toBe("nachgebessert");
  expect(await pids(7)).toEqual(without(2));
  breakPages();
  expect(await pass()).toMatchObject({ posts_added: 30, failures: [] });
});

test("a page that becomes unreadable keeps its posts, and posts that vanish from others are found", async () => {
  await pass();
  breakPages(2);
  posts.push(...staged(2000, 35));
  await pass({ rescan_days: 100_000 });
  expect(await pids(7)).toEqual(without());
  posts[130]!.hidden = true;
  posts[3]!.hidden = true;
  for (let at = 0; at < 6; at++) expect(failed(await pass())).toEqual(["thread 7, page 2"]);
  expect(await pids(7)).toEqual(without().filter((pid) => pid !== 1130 && pid !== 1003));
});

test("a reading that is stopped behind an unreadable page goes on where it stopped", async () => {
  breakPages(2);
  const { intercept } = forum;
  const stop = new AbortController();
  forum.intercept = (url, request) => {
    if (url.search === "?TID=7&page=4") stop.abort();
    return intercept(url, request);
  };
  await pass({ signal: stop.signal });
  forum.intercept = intercept;
  await pass();
  expect(requests().filter((line) => /page=[13]$/.test(line)).length).toBeLessThanOrEqual(1);
  expect(await pids(7)).toEqual(without(2));
});

test("three unreadable pages in a row end the reading, and one behind the last post is not waited for", async () => {
  breakPages(2, 3, 4);
  expect(failed(await pass())).toEqual(["thread 7"]);
  expect(requests().filter((line) => line.endsWith("page=5"))).toEqual([]);
  expect(await pids(7)).toEqual(without(2, 3, 4, 5));
  breakPages(5);
  expect(failed(await pass())).toEqual(["thread 7"]);
  expect(requests().filter((line) => line.endsWith("page=6"))).toEqual([]);
  expect(await pids(7)).toEqual(without(5));
});

test.each([2, 3])("the patrol checks the other pages if page %d cannot be read", async (broken) => {
  await pass();
  for (const at of [3, 93]) posts[at]!.content = "nachgebessert";
  breakPages(broken);
  const failures = new Set<string>();
  // Each pass checks all threads.
  for (let at = 0; at < 5; at++) for (const what of failed(await pass({ patrol: 1 }))) failures.add(what);
  expect([...failures]).toEqual([`thread 7, page ${broken}`]);
  expect(await Promise.all([1003, 1093].map(contentOf))).toEqual(Array(2).fill("nachgebessert"));
  expect(await sql`select from worldeater_tnu`).toHaveLength(0);
});

test("changes that the patrol cannot read because of an unreadable page are left to the work list", async () => {
  await pass();
  posts.splice(100, 1);
  breakPages(4);
  for (const options of [{ patrol: 1 }, {}]) await pass(options);
  expect((await pids(7)).slice(120)).toEqual(posts.slice(119).map(({ pid }) => pid));
  breakPages();
  await pass();
  expect(await pids(7)).toEqual(without());
});
