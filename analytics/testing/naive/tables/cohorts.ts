import type { CountedPost, Forum } from "../forum.ts";
import { group } from "../groups.ts";

export default function ({ countedPosts }: Forum) {
  const boards = ({ bid }: CountedPost) => [bid, 0];
  const inBoard = (bid: number) => countedPosts.filter((post) => bid === 0 || post.bid === bid);
  const cohortOf = (bid: number, uid: number) =>
    Math.min(...inBoard(bid).flatMap((post) => (post.uid === uid ? [post.year] : [])));
  return group(
    countedPosts,
    (post) => boards(post).map((bid) => ({ bid, cohort: cohortOf(bid, post.uid), year: post.year })),
    (posts) => ({ active_users: new Set(posts.map(({ uid }) => uid)).size, post_count: posts.length }),
  );
}
