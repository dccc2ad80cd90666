/** Records and milestones, computed by going through the forum's posts in order: the test oracle of their routes. */
import type { ForumData } from "./forum-data.ts";
import { counted, type CountedPost, userOf } from "./naive.ts";

const day_ms = 86_400_000;
const numberOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / day_ms;
const dayOf = (at: number) => new Date(at * day_ms).toISOString().slice(0, 10);
const seconds = ({ time }: CountedPost) => (time?.getTime() ?? 0) / 1000;

/** The first day of the post's period. */
const periods = {
  day: (day: string) => day,
  // 1970-01-05 was a Monday.
  week: (day: string) => dayOf(numberOf(day) - ((numberOf(day) + 3) % 7)),
  month: (day: string) => `${day.slice(0, 7)}-01`,
  year: (day: string) => `${day.slice(0, 4)}-01-01`,
};
type Unit = keyof typeof periods;

interface Entry {
  value: number;
  day: string;
  uid?: number;
  post?: CountedPost;
}

/** By time, then pid. */
const inOrder = (posts: CountedPost[]) => posts.toSorted((a, b) => seconds(a) - seconds(b) || a.pid - b.pid);

/** The entries that are larger than all before; of several on a day the largest, of equals that of the lowest uid. */
function history(entries: Entry[]): Entry[] {
  const sorted = entries.toSorted(
    (a, b) =>
      (a.post && b.post
        ? seconds(a.post) - seconds(b.post) || a.post.pid - b.post.pid
        : numberOf(a.day) - numberOf(b.day) || b.value - a.value) || (a.uid ?? 0) - (b.uid ?? 0),
  );
  let record = 0;
  return sorted.filter(({ value }) => {
    const isBroken = value > record;
    record = Math.max(record, value);
    return isBroken;
  });
}

const grouped = (posts: CountedPost[], key: (post: CountedPost) => string) => [...Map.groupBy(posts, key)];
const distinct = (values: unknown[]) => new Set(values).size;

const busiest = (unit: Unit) => (posts: CountedPost[]) =>
  grouped(posts, ({ day }) => periods[unit](day)).map(([day, own]) => ({ day, value: own.length }));

const busiestUser = (unit: Unit) => (posts: CountedPost[]) =>
  grouped(posts, ({ uid, day }) => `${periods[unit](day)} ${uid}`).map(([key, own]) => ({
    day: key.slice(0, 10),
    uid: Number(key.slice(11)),
    value: own.length,
  }));

/** All streaks, or all pauses with the day of the comeback. */
const spans = (isPause: boolean) => (posts: CountedPost[]) =>
  grouped(posts, ({ uid }) => String(uid)).flatMap(([uid, own]) => {
    const days = [...new Set(own.map(({ day }) => numberOf(day)))].toSorted((a, b) => a - b);
    const starts = days.filter((day, at) => days[at - 1] !== day - 1);
    return starts.map((start, at) => {
      const next = starts[at + 1] ?? Infinity;
      const end = days.findLast((day) => day < next) ?? start;
      const previous = days.findLast((day) => day < start) ?? start - 1;
      return { uid: Number(uid), day: dayOf(start), value: isPause ? start - previous - 1 : end - start + 1 };
    });
  });

const eachPost =
  (value: (post: CountedPost, all: CountedPost[]) => number) => (posts: CountedPost[], all: CountedPost[]) =>
    posts.map((post) => ({ day: post.day, post, value: value(post, all) }));

const eachThread = (value: (posts: CountedPost[]) => number) => (posts: CountedPost[]) =>
  grouped(posts, ({ tid }) => String(tid)).map(([, own]) => {
    const ordered = inOrder(own);
    return { day: ordered[0]?.day ?? "", post: ordered[0] as CountedPost, value: value(ordered) };
  });

/** A silence belongs to the post that ended it. */
const silences = (posts: CountedPost[]) =>
  grouped(posts, ({ tid }) => String(tid)).flatMap(([, own]) => {
    const ordered = inOrder(own);
    return ordered.slice(1).map((post, at) => ({
      day: post.day,
      post,
      value: seconds(post) - seconds(ordered[at] ?? post),
    }));
  });

/** The items of each record, from the posts that count and all posts. */
const records: Record<string, (posts: CountedPost[], all: CountedPost[]) => Entry[]> = {
  busiest_day: busiest("day"),
  busiest_week: busiest("week"),
  busiest_month: busiest("month"),
  busiest_year: busiest("year"),
  most_people: (posts) =>
    grouped(posts, ({ day }) => day).map(([day, own]) => ({ day, value: distinct(own.map(({ uid }) => uid)) })),
  user_day: busiestUser("day"),
  user_week: busiestUser("week"),
  user_month: busiestUser("month"),
  user_year: busiestUser("year"),
  longest_streak: spans(false),
  longest_pause: spans(true),
  longest_post: eachPost(({ length }) => length),
  most_quoted_post: eachPost(
    ({ pid }, all) => all.filter(({ quotes }) => quotes.some((quote) => quote.pid === pid)).length,
  ),
  most_links: eachPost(({ links }) => links.reduce((sum, { count }) => sum + count, 0)),
  most_quotes: eachPost(({ quotes }, all) =>
    distinct(quotes.map(({ pid }) => pid).filter((pid) => all.some((post) => post.pid === pid))),
  ),
  largest_thread: eachThread((posts) => posts.length),
  most_participants: eachThread((posts) => distinct(posts.map(({ uid }) => uid))),
  fastest_thread: eachThread(
    ([first, ...others]) => 1 + others.filter((post) => first && seconds(post) - seconds(first) < 86_400).length,
  ),
  longest_silence: silences,
  most_boards: (posts) =>
    grouped(posts, ({ uid, day }) => `${day} ${uid}`).map(([key, own]) => ({
      day: key.slice(0, 10),
      uid: Number(key.slice(11)),
      value: distinct(own.map(({ bid }) => bid)),
    })),
};
const withoutBoard = ["longest_streak", "longest_pause", "most_boards"];

/** A post as responses show it. */
export function postIn(forum: ForumData) {
  const users = new Map(forum.users.map((user) => [user.uid, userOf(user)]));
  return (post: CountedPost) => ({
    pid: post.pid,
    tid: post.tid,
    timestamp: seconds(post),
    user: users.get(post.uid),
  });
}

/** The rows of /api/records. */
export function recordsOf(forum: ForumData, bid = 0) {
  const all = counted(forum);
  const posts = all.filter((post) => bid === 0 || post.bid === bid);
  const users = new Map(forum.users.map((user) => [user.uid, userOf(user)]));
  const threads = new Map(forum.threads.map(({ tid, title, subtitle }) => [tid, { tid, title, subtitle }]));
  const shown = postIn(forum);
  return Object.entries(records)
    .filter(([record]) => bid === 0 || !withoutBoard.includes(record))
    .map(([record, itemsOf]) => ({
      record,
      history: history(itemsOf(posts, all)).map(({ value, day, uid = -1, post }) => ({
        value,
        day,
        user: users.get(post?.uid ?? uid) ?? null,
        thread: post ? threads.get(post.tid) : null,
        post: post ? shown(post) : null,
      })),
    }));
}

/** The milestones of /api/records, with their days. */
export function milestonesOf(forum: ForumData, bid = 0) {
  const posts = inOrder(counted(forum).filter((post) => bid === 0 || post.bid === bid));
  return [1, 10, 100, 1000].flatMap((number) => {
    const post = posts[number - 1];
    return post ? [{ number, day: post.day, post: postIn(forum)(post) }] : [];
  });
}
