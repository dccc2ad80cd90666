/** Boards that vanish from the list of boards. */
import { beforeEach, expect, test } from "bun:test";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { staged } from "../testing/staged-forum.ts";

const { forum, pass } = await stagedCrawls({ patrol: 0 });

beforeEach(() => {
  for (let tid = 1; tid <= 40; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 1), closed: true });
  for (let tid = 201; tid <= 240; tid++) forum.stage({ tid, bid: 15, posts: staged(tid * 100, 1), closed: true });
});

const withdrawThreads = () => {
  for (let tid = 201; tid <= 240; tid++) forum.threads.get(tid)!.refusal = "no-access";
};
/** Answers the list of boards without board 15, which can still be read. */
const leaveOut = () => {
  const boards = new Map(forum.boards);
  forum.intercept = (url) => {
    forum.boards = new Map(boards);
    if (url.pathname === "/bb/xml/boards.php") forum.boards.delete(15);
    return null;
  };
};

test("the threads of a vanished board are gone, and it is not asked for again", async () => {
  await pass();
  forum.boards.delete(15);
  withdrawThreads();
  expect(await pass()).toMatchObject({ threads_gone: 40, failures: [] });
  await pass();
  expect(forum.log).toEqual(["xml/boards.php", "xml/board.php?BID=14&page=1"]);
});

test("a board that is only no longer listed is walked as before", async () => {
  await pass();
  leaveOut();
  forum.threads.get(207)!.posts.push(...staged(50_000, 1));
  expect(await pass()).toMatchObject({ posts_added: 1, threads_gone: 0 });
});

test("a vanished board whose threads can still be read costs two requests", async () => {
  await pass();
  forum.boards.delete(15);
  expect(await pass()).toMatchObject({ threads_gone: 0 });
  expect(forum.log.slice(2)).toEqual(["xml/board.php?BID=15&page=1", "xml/thread.php?TID=240&page=1"]);
});

test("an empty list of boards withdraws nothing", async () => {
  await pass();
  const empty = '<?xml version="1.0"?><categories current-user-id="0" count="0"></categories>';
  forum.intercept = (url) => (url.pathname.endsWith("boards.php") ? new Response(empty) : null);
  forum.threads.get(7)!.posts.push(...staged(50_000, 1));
  expect(await pass()).toMatchObject({ posts_added: 1, threads_gone: 0, failures: [] });
});

test("boards that were never listed, or not asked for, are not walked", async () => {
  forum.threads.set(300, { tid: 300, bid: 99, posts: staged(50, 1), global: true });
  await pass();
  await pass();
  expect(forum.log.filter((path) => path.includes("BID=99"))).toEqual([]);
  forum.boards.delete(15);
  await pass({ boards: [14] });
  expect(forum.log.filter((path) => path.includes("BID=15"))).toEqual([]);
});
