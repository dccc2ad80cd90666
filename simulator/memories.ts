/**
 * What a long history should hold for people to remember: a streak of a year, a comeback after nine years, and a record
 * that stands for ten. Made of posts that exist, so that everything else stays as it is.
 */
import { dateText, day_s } from "./clock.ts";
import type { History } from "./history.ts";
import type { Person, Post } from "./model.ts";

const year_s = 365.25 * day_s;
const streakDays = 366;
/** Shorter or smaller forums have no such memories. */
const [minYears, minPosts] = [13, 12_000];

/** Whether readers see the post, and it may get another poster or text. */
const isOrdinary = ({ text, hidden, thread }: Post) =>
  text === null && !hidden && !thread.refusal && thread.homes.every(({ board }) => !board.isRestricted);

/** Plants the memories. A post's text and poster may change, nothing else. */
export function plantMemories({ people, posts, from, until }: History): void {
  if (posts.length < minPosts || until - from < (minYears - 0.1) * year_s) return;
  const ordinary = posts.filter(isOrdinary);
  const streaker = people[32];
  if (streaker) plantStreak(streaker, posts, ordinary, Math.round(from + 0.35 * (until - from)));
  plantComeback(people, posts, ordinary, until);
  plantRecord(ordinary, from);
}

/** Makes somebody the poster, who then also made the former poster's edits. */
function giveTo(person: Person, post: Post): void {
  for (const edit of post.edits) if (edit.person === post.person) edit.person = person;
  post.person = person;
}

const dayOf = ({ time }: Post) => dateText(time).slice(0, 10);

/** The first days in a row after a moment on each of which the person posts or may post. */
function plantStreak(person: Person, posts: Post[], ordinary: Post[], since: number): void {
  const isLater = ({ time }: Post) => time > since;
  const own = new Set(posts.filter((post) => isLater(post) && post.person === person && !post.hidden).map(dayOf));
  const replies = Map.groupBy(ordinary.filter(isLater), dayOf);
  // Noon, so that clock changes do not matter.
  const noon = since - (since % day_s) + day_s / 2;
  const days = Array.from({ length: 5 * streakDays }, (_, at) => dateText(noon + at * day_s).slice(0, 10));
  let streak: string[] = [];
  for (const day of days) {
    if (streak.length === streakDays) break;
    streak = own.has(day) || replies.has(day) ? [...streak, day] : [];
  }
  for (const day of streak) {
    const [reply] = replies.get(day) ?? [];
    if (!own.has(day) && reply) giveTo(person, reply);
  }
}

/** Somebody who left long ago writes once more. */
function plantComeback(people: Person[], posts: Post[], ordinary: Post[], until: number): void {
  const last = new Map(posts.map((post) => [post.person, post.time]));
  const leaver = people
    .slice(40)
    .filter((person) => person.gid !== null && !person.isBanned)
    .findLast((person) => (last.get(person) ?? Infinity) < until - 9.5 * year_s);
  if (!leaver) return;
  const comeback = ordinary.find(({ time }) => time > (last.get(leaver) ?? until) + 9.1 * year_s);
  if (!comeback) return;
  giveTo(leaver, comeback);
  leaver.left = comeback.time + 1;
}

/** The longest post of all, and ten and a half years later a longer one. */
function plantRecord(ordinary: Post[], from: number): void {
  const chapters = (count: number) =>
    Array.from({ length: count }, (_, at) => `Kapitel ${at + 1}: Der Topf steht auf dem Herd, und es wird gerührt.`);
  for (const [after, count] of [
    [1.5, 150],
    [12, 160],
  ] as const) {
    const post = ordinary.find(({ time, text }) => text === null && time > from + after * year_s);
    if (post) post.text = chapters(count).join("\r\n");
  }
}
