import type { Forum } from "../forum.ts";
import { byPost, histories, inOrder, momentOf, selectionsOf } from "../records.ts";

export default function ({ countedPosts }: Forum) {
  const items = [...Map.groupBy(countedPosts, ({ tid }) => tid).values()].flatMap((all) => {
    const posts = inOrder(all);
    const [first] = posts;
    if (!first) return [];
    const values = [
      { record: "largest_thread", value: posts.length, post: first },
      { record: "most_participants", value: new Set(posts.map(({ uid }) => uid)).size, post: first },
      {
        record: "fastest_thread",
        value: posts.filter(({ unix_s }) => unix_s < first.unix_s + 24 * 60 * 60).length,
        post: first,
      },
      ...posts.slice(1).map((post, at) => ({
        record: "longest_silence",
        value: post.unix_s - (posts[at]?.unix_s ?? 0),
        post,
      })),
    ];
    return values.flatMap(({ post, ...item }) =>
      selectionsOf(post).map((bid) => ({ ...item, ...momentOf(post), bid })),
    );
  });
  return histories(items, byPost, "pid");
}
