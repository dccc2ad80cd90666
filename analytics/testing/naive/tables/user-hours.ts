import { hourOfWeek } from "../clock.ts";
import type { Forum } from "../forum.ts";
import { group } from "../groups.ts";

export default ({ countedPosts }: Forum) =>
  group(
    countedPosts,
    ({ uid, year, bid }) => [{ uid, year, bid }],
    (posts) => {
      const counts = Array.from({ length: 168 }, (_, hour) => posts.filter((post) => hourOfWeek(post) === hour).length);
      const hours = [...counts.keys()].filter((hour) => counts[hour] !== 0);
      return { hours, post_counts: hours.map((hour) => counts[hour]) };
    },
  );
