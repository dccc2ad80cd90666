import { postLevels } from "@potstats/db/baked";
import type { Forum } from "../forum.ts";
import { group, selections, totals } from "../groups.ts";

export default ({ countedPosts, countedQuotes }: Forum) =>
  group(
    countedPosts,
    (post) => selections(post).map((selection) => ({ ...selection, uid: post.uid })),
    (posts) => {
      const sums = totals(posts);
      const pids = new Set(posts.map((post) => post.pid));
      return {
        ...sums,
        post_level: postLevels.filter((least) => least <= sums.post_count).length,
        avg_post_length: Math.floor(sums.posts_length / sums.post_count + 0.5),
        quoted_count: countedQuotes.filter(({ quoted }) => pids.has(quoted.pid)).length,
        quotes_count: countedQuotes.filter(({ quoting }) => pids.has(quoting.pid)).length,
      };
    },
  );
