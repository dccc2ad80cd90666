import type { CountedPost, Forum } from "../forum.ts";
import { group } from "../groups.ts";

export default ({ countedPosts }: Forum) =>
  group(
    countedPosts,
    ({ day, bid }) => [
      { day, bid },
      { day, bid: 0 },
    ],
    busiest,
  );

function busiest(posts: CountedPost[]) {
  const threads = [...new Set(posts.map(({ tid }) => tid))]
    .map((tid) => ({ tid, post_count: posts.filter((post) => post.tid === tid).length }))
    .toSorted((a, b) => b.post_count - a.post_count || a.tid - b.tid)
    .slice(0, 5);
  return { tids: threads.map(({ tid }) => tid), post_counts: threads.map(({ post_count }) => post_count) };
}
