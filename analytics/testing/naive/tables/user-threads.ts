import type { Forum } from "../forum.ts";
import { group } from "../groups.ts";

export default ({ countedPosts }: Forum) =>
  group(
    countedPosts.toSorted((a, b) => a.unix_s - b.unix_s || a.pid - b.pid),
    ({ uid, bid }) => [{ uid, bid }],
    (ofBoard) => {
      const threads = [...new Set(ofBoard.map(({ tid }) => tid))]
        .map((tid) => ({ tid, posts: ofBoard.filter((post) => post.tid === tid) }))
        .toSorted((a, b) => b.posts.length - a.posts.length || a.tid - b.tid);
      return {
        tids: threads.map(({ tid }) => tid),
        post_counts: threads.map(({ posts }) => posts.length),
        first_pids: threads.map(({ posts }) => posts[0]!.pid),
        last_pids: threads.map(({ posts }) => posts.at(-1)!.pid),
      };
    },
  );
