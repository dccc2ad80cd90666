import type { Forum } from "../forum.ts";
import { activeUsers, group, selections, totals } from "../groups.ts";

export default ({ countedPosts }: Forum) =>
  group(
    countedPosts,
    (post) => selections(post).map((selection) => ({ ...selection, weekday: post.weekday })),
    (posts) => ({ ...totals(posts), ...activeUsers(posts) }),
  );
