import type { Forum } from "../forum.ts";
import { activeUsers, group, selections } from "../groups.ts";

export default ({ countedPosts }: Forum) =>
  group(
    countedPosts,
    (post) => selections(post).map((selection) => ({ ...selection, weekday: post.weekday, hour: post.hour })),
    (posts) => ({ post_count: posts.length, ...activeUsers(posts) }),
  );
