import type { Forum } from "../forum.ts";
import { activeUsers, group, totals } from "../groups.ts";

export default ({ countedPosts }: Forum) =>
  group(
    countedPosts,
    ({ day, bid }) => [
      { day, bid },
      { day, bid: 0 },
    ],
    (posts) => ({ ...totals(posts), ...activeUsers(posts) }),
  );
