import type { Forum } from "../forum.ts";
import { byDay, histories, periodsOf, selectionsOf } from "../records.ts";

const units = ["day", "week", "month", "year"] as const;

export default function ({ countedPosts }: Forum) {
  const posts = countedPosts.flatMap((post) => selectionsOf(post).map((bid) => ({ ...post, bid })));
  const busiest = units.flatMap((unit) =>
    [...Map.groupBy(posts, ({ bid, day }) => `${bid} ${periodsOf(day)[unit]}`)].map(([key, own]) => {
      const [bid, day] = key.split(" ");
      return { record: `busiest_${unit}`, bid: Number(bid), value: own.length, day };
    }),
  );
  const people = [...Map.groupBy(posts, ({ bid, day }) => `${bid} ${day}`)].map(([key, own]) => {
    const [bid, day] = key.split(" ");
    return { record: "most_people", bid: Number(bid), value: new Set(own.map(({ uid }) => uid)).size, day };
  });
  return histories([...busiest, ...people], byDay, "bid");
}
