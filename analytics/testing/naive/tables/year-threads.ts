import { bestOf } from "../bests.ts";
import type { Forum } from "../forum.ts";
import { group } from "../groups.ts";
import { selectionsOf } from "../records.ts";

export default ({ countedPosts }: Forum) =>
  group(
    countedPosts,
    (post) => selectionsOf(post).map((bid) => ({ year: post.year, bid })),
    (posts) => {
      const threads = [...Map.groupBy(posts, ({ tid }) => tid)].map(([tid, own]) => ({ tid, post_count: own.length }));
      return bestOf(threads, "post_count", "tid");
    },
  );
