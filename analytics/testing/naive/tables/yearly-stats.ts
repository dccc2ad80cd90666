import type { Forum } from "../forum.ts";
import { activeUsers, group, selections, totals } from "../groups.ts";

export default ({ countedPosts }: Forum) =>
  group(countedPosts, selections, (posts) => ({ ...totals(posts), ...activeUsers(posts) }));
