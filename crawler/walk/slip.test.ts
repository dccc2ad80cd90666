/** Threads that slip past an update walk must not end up below its fixpoint. */
import { beforeEach, expect, test } from "bun:test";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { staged } from "../testing/staged-forum.ts";

const { forum, pass, pids } = await stagedCrawls({ patrol: 0 });

beforeEach(() => {
  for (let tid = 1; tid <= 100; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 1), closed: tid !== 5 });
});

/** Adds a post to each of these threads. */
const addPosts = (from: number, to: number) => {
  for (let tid = from; tid <= to; tid++) forum.threads.get(tid)!.posts.push(...staged(60_000 + tid * 10, 1));
};

test("a thread that slips to a page already read is found by the next pass", async () => {
  await pass();
  forum.threads.get(5)!.posts.push(...staged(50_000, 1));
  addPosts(60, 88);
  forum.stage({ tid: 200, bid: 14, posts: staged(70_000, 1) });
  // The first page has threads 200 and 88 to 60, the second one begins with thread 5.
  forum.intercept = (url) => {
    if (url.search === "?BID=14&page=2") forum.threads.delete(200);
    return null;
  };
  await pass();
  expect(await pids(5)).toEqual([500]);
  forum.intercept = () => null;
  await pass();
  expect(await pids(5)).toEqual([500, 50_000]);
});

test("so is one that moves to a board that was walked already", async () => {
  for (let tid = 201; tid <= 300; tid++)
    forum.stage({ tid, bid: 15, posts: staged(tid * 100, 1), closed: tid !== 205 });
  await pass();
  forum.threads.get(205)!.posts.push(...staged(50_000, 1));
  addPosts(60, 90);
  forum.intercept = (url) => {
    if (!url.search.startsWith("?BID=15")) return null;
    forum.threads.get(205)!.bid = 14;
    // The counter does not show it.
    forum.threads.delete(20);
    return null;
  };
  await pass();
  forum.intercept = () => null;
  await pass();
  expect(await pids(205)).toEqual([20_500, 50_000]);
});

test("closed threads with new posts are passed by once more, then they end the walk", async () => {
  await pass();
  addPosts(60, 90);
  const requests: number[] = [];
  for (let at = 0; at < 4; at++) {
    await pass();
    requests.push(forum.log.length);
  }
  // The list of boards and two pages, later one; 31 changed threads, with their tags only in the first pass.
  expect(requests).toEqual([1 + 2 + 31 + 31, 1 + 2 + 31, 1 + 1, 1 + 1]);
});
