/** Groups rows and adds up the members of each group. */
import type { Row } from "../tables.ts";
import type { CountedPost, Forum } from "./forum.ts";

/**
 * Returns a row per group.
 * @param keys the keys of the groups that a member belongs to
 * @param values further columns of a group's row
 */
export function group<T>(members: T[], keys: (member: T) => Row[], values: (members: T[]) => Row): Row[] {
  const groups = new Map<string, { key: Row; members: T[] }>();
  for (const member of members)
    for (const key of keys(member)) {
      const name = JSON.stringify(key);
      const existing = groups.get(name) ?? { key, members: [] };
      existing.members.push(member);
      groups.set(name, existing);
    }
  return [...groups.values()].map(({ key, members: own }) => ({ ...key, ...values(own) }));
}

/** The four selections that a post belongs to: its year or all, its board or all. */
export const selections = ({ year, bid }: { year: number; bid: number }) => [
  { year, bid },
  { year, bid: 0 },
  { year: 0, bid },
  { year: 0, bid: 0 },
];

/** The four selections that a link belongs to: the year of its post or all, its type or all. */
export const linkSelections = ({ type, post: { year } }: Forum["countedLinks"][number]) => [
  { year, type },
  { year, type: "" },
  { year: 0, type },
  { year: 0, type: "" },
];

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

export const total = (members: { count: number }[]) => ({ count: sum(members.map(({ count }) => count)) });

export const totals = (posts: CountedPost[]) => ({
  post_count: posts.length,
  edit_count: sum(posts.map((post) => post.edits)),
  posts_length: sum(posts.map((post) => post.length)),
  threads_created: sum(posts.map((post) => post.threads_created)),
});

export const activeUsers = (posts: CountedPost[]) => ({ active_users: new Set(posts.map((post) => post.uid)).size });
