import type { Forum } from "../forum.ts";
import { byDay, histories, periodsOf, selectionsOf } from "../records.ts";

const units = ["day", "week", "month", "year"] as const;

export default function ({ countedPosts }: Forum) {
  const posts = countedPosts.flatMap((post) => selectionsOf(post).map((bid) => ({ ...post, bid })));
  const ofPeriods = units.flatMap((unit) =>
    [...Map.groupBy(posts, ({ bid, uid, day }) => `${bid} ${uid} ${periodsOf(day)[unit]}`)].map(([key, own]) => {
      const [bid, uid, day] = key.split(" ");
      return { record: `user_${unit}`, bid: Number(bid), value: own.length, day, uid: Number(uid) };
    }),
  );
  const boards = [...Map.groupBy(countedPosts, ({ uid, day }) => `${uid} ${day}`)].map(([key, own]) => {
    const [uid, day] = key.split(" ");
    return { record: "most_boards", bid: 0, value: new Set(own.map(({ bid }) => bid)).size, day, uid: Number(uid) };
  });
  return histories([...ofPeriods, ...boards], byDay, "uid");
}
