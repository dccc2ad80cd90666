import type { Forum } from "../forum.ts";
import { later } from "../records.ts";

export default function ({ countedPosts }: Forum) {
  const last =
    countedPosts
      .map(({ day }) => day)
      .toSorted()
      .at(-1) ?? "";
  const between = (first: number, end: number) =>
    countedPosts.filter(({ day }) => day >= later(last, first) && day < later(last, end));
  const [week, before] = [between(-7, 0), between(-14, -7)];
  const uids = new Set([...week, ...before].map(({ uid }) => uid));
  return [...uids].map((uid) => ({
    uid,
    post_count: week.filter((post) => post.uid === uid).length,
    before_count: before.filter((post) => post.uid === uid).length,
  }));
}
