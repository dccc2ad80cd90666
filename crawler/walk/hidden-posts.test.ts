/** Threads with hidden posts, which the forum counts for the position of later ones. */
import { expect, test } from "bun:test";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { staged } from "../testing/staged-forum.ts";

const { forum, pass, pids } = await stagedCrawls({ patrol: 0 });

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
  expect(await pids(7)).toHaveLength(633);
  posts[count + 40]!.hidden = true;
  posts.push(...staged(6000, 1));
  expect(await pass()).toMatchObject({ posts_added: 1, posts_hidden: 1 });
  expect(await pids(7)).toEqual(posts.filter((post) => !post.hidden).map(({ pid }) => pid));
});
