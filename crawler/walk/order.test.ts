/** Threads whose pids do not ascend from page to page: every post is found, and none is taken for vanished. */
import { describe, expect, test } from "bun:test";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { staged, type StagedPost } from "../testing/staged-forum.ts";

const { forum, pass, pids } = await stagedCrawls({ patrol: 0 });

const visible = () =>
  (forum.threads.get(7)?.posts ?? [])
    .filter(({ hidden }) => !hidden)
    .map(({ pid }) => pid)
    .toSorted((a, b) => a - b);
const requests = () => forum.log.filter((line) => line.startsWith("xml/thread.php"));

/** 70 posts, of which the one at `from` stands at `to`. */
function stageMoved(from: number, to: number): StagedPost[] {
  const posts = staged(1000, 70);
  posts.splice(to, 0, ...posts.splice(from, 1));
  return forum.stage({ tid: 7, bid: 14, posts }).posts;
}

const moves: [string, number, number][] = [
  ["the last post on the first page", 69, 10],
  ["the last post at the end of the first page", 69, 29],
  ["the first post on the last page", 0, 69],
  ["an early post on the last page", 10, 65],
  ["an early post at the start of the second page", 10, 30],
  ["neighbors swapped across a page boundary", 30, 29],
];

describe.each(moves)("%s", (_, from, to) => {
  test("is read, and reading again in any way changes nothing", async () => {
    stageMoved(from, to);
    expect(await pass()).toMatchObject({ failures: [], posts_added: 70 });
    const ways = [{}, { patrol: 1 }, { rescan_days: 100_000 }, { patrol: 1 }, { forceInitialPass: true }, {}, {}];
    for (const way of [...ways, { patrol: 1 }])
      expect(await pass(way)).toMatchObject({ failures: [], posts_added: 0, posts_changed: 0, posts_hidden: 0 });
    await pass();
    expect(requests().length).toBeLessThanOrEqual(2);
    expect(await pids(7)).toEqual(visible());
  });

  test("does not keep later posts from being found, nor vanished ones", async () => {
    const posts = stageMoved(from, to);
    await pass();
    for (let at = 0; at < 30; at++) {
      posts.push(...staged(2000 + at, 1));
      expect(await pass()).toMatchObject({ posts_added: 1, posts_hidden: 0, failures: [] });
    }
    posts[5]!.hidden = true;
    posts[69]!.hidden = true;
    await pass({ rescan_days: 100_000 });
    expect(await pids(7)).toEqual(visible());
    posts.at(-1)!.hidden = true;
    await pass();
    await pass();
    expect(await pids(7)).toEqual(visible());
  });
});

test.each([2, 3])("a reading that is stopped at page %d takes no post for vanished, and misses none", async (page) => {
  const posts = stageMoved(69, 10);
  await pass();
  posts[5]!.hidden = true;
  const stop = new AbortController();
  forum.intercept = (url) => {
    if (url.search === `?TID=7&page=${page}`) stop.abort();
    return null;
  };
  const stopped = await pass({ rescan_days: 100_000, signal: stop.signal });
  forum.intercept = () => null;
  expect((await pass()).posts_hidden + stopped.posts_hidden).toBe(1);
  expect(await pids(7)).toEqual(visible());
  expect(await pass({ rescan_days: 100_000 })).toMatchObject({ posts_hidden: 0, posts_changed: 0 });
});

test("a forum that sends its pages over and over fails the thread", async () => {
  forum.stage({ tid: 7, bid: 14, posts: staged(1000, 90) });
  forum.intercept = async (url) => {
    const page = Number(url.searchParams.get("page"));
    if (!url.search.startsWith("?TID=7&page=") || page <= 3) return null;
    const answer = await (await fetch(`${url.origin}${url.pathname}?TID=7&page=${((page - 1) % 3) + 1}`)).text();
    return new Response(answer.replace(/<posts page="\d+"/, `<posts page="${page}"`));
  };
  const { failures } = await pass();
  expect(failures).toEqual([{ what: "thread 7", reason: expect.stringContaining("repeats the posts") }]);
});

test.each([2, 3, 4])(
  "a first reading finds the post that moves up because one vanishes before page %d",
  async (page) => {
    const { posts } = forum.stage({ tid: 7, bid: 14, posts: staged(1000, 95) });
    forum.intercept = (url) => {
      if (url.search === `?TID=7&page=${page}`) {
        posts.splice(4, 1);
        forum.intercept = () => null;
      }
      return null;
    };
    expect(await pass()).toMatchObject({ failures: [] });
    expect(visible().filter((pid) => pid !== 1004)).toEqual((await pids(7)).filter((pid) => pid !== 1004));
    // The vanished post was read before. It is found at once if it was on the page that was read again.
    if (page > 2) for (let at = 0; at < 3; at++) await pass({ patrol: 1 });
    expect(await pids(7)).toEqual(visible());
  },
);
