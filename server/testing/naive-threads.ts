/** The expected responses about threads, computed naively from the forum's posts. */
import type { ForumData } from "./forum-data.ts";
import { counted, type CountedPost, userOf } from "./naive.ts";

interface ThreadOfPosts {
  tid: number;
  /** In order. */
  posts: CountedPost[];
}

const unixSeconds = (post: CountedPost) => post.time!.getTime() / 1000;
const inOrder = (a: CountedPost, b: CountedPost) => unixSeconds(a) - unixSeconds(b) || a.pid - b.pid;

/** Threads with posts, by tid. */
function threadsWithPosts(forum: ForumData): ThreadOfPosts[] {
  const all = counted(forum).toSorted(inOrder);
  return forum.threads
    .map(({ tid }) => ({ tid, posts: all.filter((post) => post.tid === tid) }))
    .filter(({ posts }) => posts.length > 0);
}

const identity = (forum: ForumData, tid: number) => {
  const { title, subtitle } = forum.threads.find((thread) => thread.tid === tid)!;
  return { tid, title, subtitle };
};
const user = (forum: ForumData, uid: number) => userOf(forum.users.find((one) => one.uid === uid)!);
const shown = (forum: ForumData, post: CountedPost) => ({
  pid: post.pid,
  tid: post.tid,
  timestamp: unixSeconds(post),
  user: user(forum, post.uid),
});

/** The numbers of a thread. */
function numbers(forum: ForumData, { posts }: ThreadOfPosts) {
  const [first, last] = [posts[0]!, posts.at(-1)!];
  const since = (post: CountedPost) => unixSeconds(post) - unixSeconds(first);
  const reply = posts.find(({ uid }) => uid !== first.uid);
  const silences = posts.slice(1).map((post, at) => unixSeconds(post) - unixSeconds(posts[at]!));
  const pids = new Set(posts.map(({ pid }) => pid));
  const quotes = counted(forum).flatMap((post) => post.quotes.filter(({ pid }) => pids.has(pid)));
  return {
    post_count: posts.length,
    participants: new Set(posts.map(({ uid }) => uid)).size,
    first_reply_s: reply ? since(reply) : null,
    lifetime_s: since(last),
    half_life_s: since(posts[Math.ceil(posts.length / 2) - 1]!),
    longest_silence_s: silences.length > 0 ? Math.max(...silences) : null,
    times_quoted: quotes.reduce((sum, { count }) => sum + count, 0),
  };
}

export interface Selection {
  year?: number;
  bid?: number;
}

const select = (threads: ThreadOfPosts[], { year, bid }: Selection) =>
  threads.filter(({ posts: [first] }) => (!year || first!.year === year) && (!bid || first!.bid === bid));

export const threadColumns = [
  "opened",
  "post_count",
  "participants",
  "first_reply_s",
  "lifetime_s",
  "half_life_s",
  "longest_silence_s",
  "times_quoted",
] as const;

/** All rows of /api/threads. */
export function threadRows(
  forum: ForumData,
  selection: Selection,
  order_by: (typeof threadColumns)[number],
  order: "asc" | "desc",
) {
  const sign = order === "asc" ? 1 : -1;
  return select(threadsWithPosts(forum), selection)
    .map((thread) => {
      const [first] = thread.posts;
      return {
        thread: identity(forum, thread.tid),
        bid: first!.bid,
        user: user(forum, first!.uid),
        opened: unixSeconds(first!),
        ...numbers(forum, thread),
      };
    })
    .filter((row) => row[order_by] !== null)
    .toSorted((a, b) => sign * (a[order_by]! - b[order_by]!) || a.thread.tid - b.thread.tid);
}

const tally = <T>(values: T[]) =>
  [...new Set(values)].map((value) => ({ value, count: values.filter((other) => other === value).length }));

/** The response of /api/thread, without the timeline and the series. */
export function threadResponse(forum: ForumData, tid: number) {
  const thread = threadsWithPosts(forum).find((one) => one.tid === tid)!;
  const { posts } = thread;
  const values = numbers(forum, thread);
  const silence = posts.find(
    (post, at) => at > 0 && unixSeconds(post) - unixSeconds(posts[at - 1]!) === values.longest_silence_s,
  );
  const [busiest] = tally(posts.map(({ day }) => day)).toSorted(
    (a, b) => b.count - a.count || (a.value < b.value ? -1 : 1),
  );
  const users = tally(posts.map(({ uid }) => uid)).toSorted((a, b) => b.count - a.count || a.value - b.value);
  const quoted = posts
    .map((post) => ({
      post: shown(forum, post),
      quoted_count: counted(forum).filter(({ quotes }) => quotes.some(({ pid }) => pid === post.pid)).length,
    }))
    .filter(({ quoted_count }) => quoted_count > 0)
    .toSorted((a, b) => b.quoted_count - a.quoted_count || a.post.pid - b.post.pid);
  return {
    thread: identity(forum, tid),
    bid: posts[0]!.bid,
    board: forum.boards.find(({ bid }) => bid === posts[0]!.bid)!.name,
    user: user(forum, posts[0]!.uid),
    ...values,
    first: shown(forum, posts[0]!),
    last: shown(forum, posts.at(-1)!),
    silence_ended_by: silence ? shown(forum, silence) : null,
    busiest_day: { day: busiest!.value, post_count: busiest!.count },
    users: users.slice(0, 20).map(({ value, count }) => ({ user: user(forum, value), post_count: count })),
    most_quoted: quoted.slice(0, 10),
  };
}

/** The posts of a thread per day, days without posts left out. */
export const postsPerDay = (forum: ForumData, tid: number) =>
  tally(
    counted(forum)
      .filter((post) => post.tid === tid)
      .map(({ day }) => day),
  ).map(({ value, count }) => ({ day: value, post_count: count }));

/** The posts of users in a thread per day and month: "9 2012-05-01" and "9 2012-05" → number. */
export function postsOfUsers(forum: ForumData, tid: number): Map<string, number> {
  const posts = counted(forum).filter((post) => post.tid === tid);
  const keys = posts.flatMap(({ uid, day }) => [`${uid} ${day}`, `${uid} ${day.slice(0, 7)}`]);
  return new Map(tally(keys).map(({ value, count }) => [value, count]));
}

const percentile = (values: number[], tenths: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil((tenths * values.length) / 10) - 1] ?? null;

function replies(forum: ForumData, selected: ThreadOfPosts[]) {
  const all = selected.map((thread) => numbers(forum, thread));
  const answered = all.flatMap(({ first_reply_s }) => (first_reply_s === null ? [] : [first_reply_s]));
  const lifetimes = all.map(({ lifetime_s }) => lifetime_s);
  return {
    threads: all.length,
    unanswered: all.length - answered.length,
    first_reply_p50_s: percentile(answered, 5),
    first_reply_p90_s: percentile(answered, 9),
    lifetime_p50_s: percentile(lifetimes, 5),
    lifetime_p90_s: percentile(lifetimes, 9),
  };
}

/** The response of /api/thread-replies. */
export function threadReplies(forum: ForumData, selection: Selection) {
  const all = threadsWithPosts(forum);
  const years = [...new Set(select(all, selection).map(({ posts: [first] }) => first!.year))].toSorted((a, b) => a - b);
  return {
    rows: years.map((year) => ({ year, ...replies(forum, select(all, { ...selection, year })) })),
    total: replies(forum, select(all, selection)),
  };
}

/** The rows of /api/user-threads, without a limit. */
export function userThreads(forum: ForumData, uid: number, bid?: number) {
  const own = counted(forum)
    .filter((post) => post.uid === uid && (!bid || post.bid === bid))
    .toSorted(inOrder);
  return tally(own.map(({ tid }) => tid))
    .map(({ value: tid, count }) => {
      const posts = own.filter((post) => post.tid === tid);
      return {
        thread: identity(forum, tid),
        bid: posts[0]!.bid,
        post_count: count,
        first: shown(forum, posts[0]!),
        last: shown(forum, posts.at(-1)!),
      };
    })
    .toSorted((a, b) => b.post_count - a.post_count || a.thread.tid - b.thread.tid);
}
