import type { Forum } from "../forum.ts";
import { activeUsers, group, selections, totals } from "../groups.ts";

export default ({ counted }: Forum) =>
  group(counted, selections, (posts) => ({ ...totals(posts), ...activeUsers(posts) }));
