/** Listings that count more threads than the walked part explains. */
import { beforeEach, expect, test } from "bun:test";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { staged } from "../testing/staged-forum.ts";

const { forum, pass, pids } = await stagedCrawls({ patrol: 0 });

beforeEach(() => {
  for (let tid = 1; tid <= 99; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 1), closed: true });
});

const pages = () => forum.log.flatMap((line) => /board\.php\?BID=14&page=(\d+)/.exec(line)?.[1] ?? []).join(" ");

test("posts that were split off into an old thread are found by the next pass, at a request per page", async () => {
  const { posts } = forum.stage({ tid: 100, bid: 14, posts: [...staged(50, 3), ...staged(10_000, 2)] });
  await pass();
  forum.stage({ tid: 300, bid: 14, posts: posts.splice(1, 2) });
  expect(await pass()).toMatchObject({ threads_added: 1 });
  expect([await pids(100), await pids(300)]).toEqual([
    [50, 10_000, 10_001],
    [51, 52],
  ]);
  // The list of boards, and two threads with their tags.
  expect([forum.log.length, pages()]).toEqual([1 + 4 + 2 + 2, "1 2 3 4"]);
  await pass();
  expect([forum.log.length, pages()]).toEqual([3, "1"]);
});

test("threads that move in from a board that is not crawled are found", async () => {
  forum.stage({ tid: 200, bid: 15, posts: staged(50, 1) });
  await pass({ boards: [14] });
  forum.threads.get(200)!.bid = 14;
  await pass({ boards: [14] });
  expect(await pids(200)).toEqual([50]);
});

test("new, moved, hidden and global threads that the walk has seen explain the counter", async () => {
  for (let tid = 201; tid <= 240; tid++) forum.stage({ tid, bid: 15, posts: staged(tid * 100, 1), closed: true });
  await pass();
  forum.stage({ tid: 300, bid: 14, posts: staged(30_000, 1) });
  forum.stage({ tid: 301, bid: 15, posts: staged(30_100, 1), global: true });
  forum.threads.get(240)!.bid = 14;
  forum.threads.delete(99);
  for (let at = 0; at < 3; at++) {
    await pass();
    expect(pages()).toBe("1");
  }
});

test("a counter that lags behind causes no further request", async () => {
  await pass();
  const count = forum.threads.size;
  const lag = async (url: URL) => {
    if (url.pathname !== "/bb/xml/board.php" || url.searchParams.has("raw")) return null;
    const text = await (await fetch(`${url.href}&raw=1`)).text();
    return new Response(text.replace(/<number-of-threads value='\d+'/, `<number-of-threads value='${count}'`));
  };
  for (let tid = 300; tid < 303; tid++) {
    forum.stage({ tid, bid: 14, posts: staged(tid * 100, 1) });
    forum.intercept = lag;
    await pass();
    forum.intercept = () => null;
    await pass();
    expect(pages()).toBe("1");
  }
});

test("a page that cannot be read is reported once, and the counter stays explained", async () => {
  await pass();
  forum.stage({ tid: 300, bid: 14, posts: staged(50, 1) });
  forum.intercept = (url) => (url.search === "?BID=14&page=2" ? new Response("<board") : null);
  const { failures } = await pass();
  expect(failures.map(({ what }) => what)).toEqual(["board 14, page 2"]);
  expect(await pids(300)).toEqual([50]);
  expect(await pass()).toMatchObject({ failures: [] });
  expect(pages()).toBe("1");
});
