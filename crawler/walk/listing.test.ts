/** Walks of a listing whose pages cannot be read. */
import { beforeEach, describe, expect, test } from "bun:test";
import type { CrawlSummary } from "../crawl.ts";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { staged } from "../testing/staged-forum.ts";

const { forum, sql, pass } = await stagedCrawls({ patrol: 0 });

beforeEach(() => {
  for (let tid = 1; tid <= 95; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 1) });
});

const breakPages = (...pages: number[]) => {
  forum.intercept = (url) =>
    url.pathname.endsWith("/board.php") && pages.includes(Number(url.searchParams.get("page")))
      ? new Response("<board")
      : null;
};
const whatFailed = ({ failures }: CrawlSummary) => failures.map(({ what }) => what);
const tids = async () =>
  (await sql<{ tid: number }[]>`select tid from threads where last_pid is not null order by tid`).map(({ tid }) => tid);
const isWalked = async () =>
  (await sql`select from boards where bid = 14 and initial_pass_at is not null`).length === 1;

describe("a page that cannot be read", () => {
  // Newest first: page 1 has threads 95 to 66.
  test.each([
    [1, 66, 95],
    [2, 36, 65],
    [3, 6, 35],
    [4, 1, 5],
  ])("(%d of 4) hides no other page from a first crawl, and the next one reads it", async (page, from, to) => {
    breakPages(page);
    expect(whatFailed(await pass())).toEqual([`board 14, page ${page}`]);
    const all = Array.from({ length: 95 }, (_, at) => at + 1);
    expect(await tids()).toEqual(all.filter((tid) => tid < from || tid > to));
    expect(await isWalked()).toBe(false);
    breakPages();
    expect(whatFailed(await pass())).toEqual([]);
    expect(await tids()).toEqual(all);
    expect(await isWalked()).toBe(true);
  });

  test("ends an update pass, and the next one reads what is on it", async () => {
    await pass();
    for (let tid = 1; tid <= 40; tid++) forum.threads.get(tid)!.posts.push(...staged(90_000 + tid, 1));
    breakPages(2);
    const update = await pass();
    expect({ posts_added: update.posts_added, failed: whatFailed(update) }).toEqual({
      posts_added: 30,
      failed: ["board 14"],
    });
    breakPages();
    expect(await pass()).toMatchObject({ posts_added: 10, failures: [] });
  });
});

describe("a first walk loses no thread", () => {
  const all = () => [...forum.threads.keys()].toSorted((a, b) => a - b);
  /** Changes the forum when a page is first requested. */
  const whenRequested = (page: number, change: () => void) => {
    let isDone = false;
    forum.intercept = (url) => {
      if (url.search === `?BID=14&page=${page}` && !isDone) {
        isDone = true;
        change();
      }
      return null;
    };
  };

  test("if a sticky thread becomes an ordinary one", async () => {
    forum.threads.get(3)!.sticky = true;
    whenRequested(3, () => (forum.threads.get(3)!.sticky = false));
    await pass();
    expect(await tids()).toEqual(all());
    // Four pages from the last to the first, which is read twice, and again from the second to the last.
    expect(forum.log.filter((path) => path.startsWith("xml/board.php"))).toHaveLength(5 + 3);
  });

  test("if a thread becomes sticky", async () => {
    whenRequested(2, () => (forum.threads.get(10)!.sticky = true));
    await pass();
    expect(await tids()).toEqual(all());
  });

  test("if a thread appears between two pages", async () => {
    const hidden = forum.threads.get(50)!;
    forum.threads.delete(50);
    whenRequested(2, () => forum.threads.set(50, hidden));
    await pass();
    expect(await tids()).toEqual(all());
  });

  test("if it shifts below a first page of sticky threads", async () => {
    for (let tid = 300; tid <= 330; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 1), sticky: true });
    whenRequested(3, () => void forum.threads.get(5)!.posts.push(...staged(90_000, 1)));
    await pass();
    expect(await tids()).toEqual(all());
  });
});

test("a board whose pages all fail takes only a few requests, and the next board is read", async () => {
  forum.stage({ tid: 200, bid: 15, posts: staged(20_000, 1) });
  forum.intercept = (url) => (url.search.startsWith("?BID=14") ? new Response("<board") : null);
  expect(whatFailed(await pass()).at(-1)).toBe("board 14");
  expect(forum.log.filter((path) => path.includes("BID=14")).length).toBeLessThan(10);
  expect(await tids()).toEqual([200]);
});
