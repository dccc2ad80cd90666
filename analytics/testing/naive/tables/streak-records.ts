import type { Forum } from "../forum.ts";
import { byDay, histories, later } from "../records.ts";

export default function ({ countedPosts }: Forum) {
  const streaks = [];
  const pauses = [];
  for (const [uid, posts] of Map.groupBy(countedPosts, (post) => post.uid)) {
    const days = new Set(posts.map(({ day }) => day));
    const sorted = [...days].toSorted();
    for (const day of sorted) {
      if (days.has(later(day, -1))) continue;
      let length = 1;
      while (days.has(later(day, length))) length++;
      streaks.push({ record: "longest_streak", bid: 0, value: length, day, uid });
      if (day === sorted[0]) continue;
      let pause = 0;
      while (!days.has(later(day, -1 - pause))) pause++;
      pauses.push({ record: "longest_pause", bid: 0, value: pause, day, uid });
    }
  }
  return histories([...streaks, ...pauses], byDay, "uid");
}
