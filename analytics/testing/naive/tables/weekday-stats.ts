import type { Forum } from "../forum.ts";
import { activeUsers, group, selections, totals } from "../groups.ts";

export default ({ counted }: Forum) =>
  group(
    counted,
    (post) => selections(post).map((selection) => ({ ...selection, weekday: post.weekday })),
    (posts) => ({ ...totals(posts), ...activeUsers(posts) }),
  );
