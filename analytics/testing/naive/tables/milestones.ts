import type { Forum } from "../forum.ts";
import { inOrder, momentOf, selectionsOf } from "../records.ts";

const isMilestone = (number: number) => /^10{0,5}$|^\d+0{6}$/.test(String(number));

export default ({ countedPosts }: Forum) =>
  [
    ...Map.groupBy(
      countedPosts.flatMap((post) => selectionsOf(post).map((bid) => ({ ...post, bid }))),
      ({ bid }) => bid,
    ),
  ].flatMap(([bid, posts]) =>
    inOrder(posts).flatMap((post, at) => (isMilestone(at + 1) ? [{ bid, number: at + 1, ...momentOf(post) }] : [])),
  );
