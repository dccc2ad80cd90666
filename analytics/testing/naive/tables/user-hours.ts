import { hourOfWeek } from "../clock.ts";
import type { Forum } from "../forum.ts";
import { group } from "../groups.ts";

export default ({ countedPosts }: Forum) =>
  group(
    countedPosts,
    ({ uid, year }) => [{ uid, year }],
    (posts) => {
      const cells = posts.map((post) => ({ bid: post.bid, hour: hourOfWeek(post) }));
      const distinct = cells
        .filter(({ bid, hour }, at) => cells.findIndex((cell) => cell.bid === bid && cell.hour === hour) === at)
        .toSorted((a, b) => a.bid - b.bid || a.hour - b.hour);
      return {
        bids: distinct.map(({ bid }) => bid),
        hours: distinct.map(({ hour }) => hour),
        post_counts: distinct.map(
          ({ bid, hour }) => cells.filter((cell) => cell.bid === bid && cell.hour === hour).length,
        ),
      };
    },
  );
