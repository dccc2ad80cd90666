import type { Forum } from "../forum.ts";
import { byPost, histories, momentOf, selectionsOf } from "../records.ts";

export default function ({ countedPosts, countedQuotes, countedLinks }: Forum) {
  const items = countedPosts.flatMap((post) => {
    const values = {
      longest_post: post.length,
      most_links: countedLinks.filter(({ pid }) => pid === post.pid).reduce((sum, { count }) => sum + count, 0),
      most_quotes: countedQuotes.filter(({ quoting }) => quoting.pid === post.pid).length,
      most_quoted_post: countedQuotes.filter(({ quoted }) => quoted.pid === post.pid).length,
    };
    return selectionsOf(post).flatMap((bid) =>
      Object.entries(values).map(([record, value]) => ({ record, value, ...momentOf(post), bid })),
    );
  });
  return histories(items, byPost, "pid");
}
