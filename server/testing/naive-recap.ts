/** The expected response of /api/recap, computed naively from the forum's posts. */
import type { ForumData } from "./forum-data.ts";
import * as naive from "./naive.ts";
import { milestonesOf, postIn, recordsOf } from "./naive-records.ts";

type Post = naive.CountedPost;
interface Selection {
  uid?: number;
  bid?: number;
}

/** The key with the most posts; of equals the first in the order. */
function most<Key extends string | number>(keys: Key[]): { key: Key; post_count: number } | undefined {
  const counts = [...new Set(keys)].map((key) => ({ key, post_count: keys.filter((other) => other === key).length }));
  return counts.toSorted((a, b) => b.post_count - a.post_count || (a.key < b.key ? -1 : 1))[0];
}

/** Renames the key of {@link most}. */
const named = <Key extends string | number, Name extends string>(
  best: { key: Key; post_count: number } | undefined,
  name: Name,
) => (best ? { [name]: best.key, post_count: best.post_count } : null);

function totalsOf(forum: ForumData, year: number, { uid, bid }: Selection) {
  const posts = naive.select(naive.counted(forum), { year, ...(uid ? { uid } : {}), ...(bid ? { bid } : {}) });
  const quotes = { quoted_count: 0, quotes_count: 0 };
  const own = uid === undefined ? undefined : naive.userNumbers(forum, uid, { year });
  return {
    active_days: new Set(posts.map(({ day }) => day)).size,
    ...naive.totals(forum, posts),
    ...(uid === undefined ? { active_users: new Set(posts.map((post) => post.uid)).size } : { ...quotes, ...own }),
  };
}

/** Place among all users or boards with posts in a year. */
function placeIn(forum: ForumData, year: number, key: "uid" | "bid", id: number) {
  const posts = naive.counted(forum).filter((post) => post.year === year);
  const counts = new Map([...Map.groupBy(posts, (post) => post[key])].map(([of, own]) => [of, own.length]));
  const own = counts.get(id);
  const ahead = [...counts.values()].filter((count) => own !== undefined && count > own).length;
  return { place: own === undefined ? null : 1 + ahead, of: counts.size };
}

const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

function streakOf(posts: Post[]) {
  const streaks = [...Map.groupBy(posts, ({ uid }) => uid)].flatMap(([uid, own]) => {
    const days = new Set(own.map(({ day }) => day));
    return [...days].map((from) => {
      let [to, length] = [from, 1];
      for (; days.has(dayAfter(to)); length++) to = dayAfter(to);
      return { uid, days: length, from, to };
    });
  });
  return streaks.toSorted((a, b) => b.days - a.days || (a.from < b.from ? -1 : a.from > b.from ? 1 : a.uid - b.uid))[0];
}

function quotesOf(forum: ForumData, posts: Post[], uid: number, isQuoting: boolean) {
  const all = naive.counted(forum);
  const edges = posts.flatMap((quoting) =>
    quoting.quotes.flatMap(({ pid, count }) => {
      const quoted = all.find((post) => post.pid === pid);
      const [own, other] = isQuoting ? [quoting.uid, quoted?.uid] : [quoted?.uid, quoting.uid];
      return quoted && own === uid && other !== uid ? Array.from({ length: count }, () => other!) : [];
    }),
  );
  const best = most(edges);
  return best ? { user: userOf(forum, best.key), count: best.post_count } : null;
}

const userOf = (forum: ForumData, uid: number) => naive.userOf(forum.users.find((user) => user.uid === uid)!);

export function recapOf(forum: ForumData, year: number, { uid, bid }: Selection) {
  const all = naive.counted(forum);
  const inYear = all.filter((post) => post.year === year);
  const posts = inYear.filter((post) => (!uid || post.uid === uid) && (!bid || post.bid === bid));
  const perDay = [...Map.groupBy(posts, ({ day }) => day)].map(([day, own]) => ({ day, post_count: own.length }));
  const boardName = (id: number) => forum.boards.find((board) => board.bid === id)!.name;
  const board = most(posts.map((post) => post.bid));
  const thread = most(posts.map(({ tid }) => tid));
  const { title = "", subtitle = "" } = forum.threads.find(({ tid }) => tid === thread?.key) ?? {};
  const quoted = most(
    all.flatMap(({ quotes }) => quotes.map(({ pid }) => pid).filter((pid) => posts.some((post) => post.pid === pid))),
  );
  const domain = most(posts.flatMap(({ links }) => links.flatMap((one) => Array<string>(one.count).fill(one.domain))));
  const streak = streakOf(posts);
  const [key, id] = uid === undefined ? (["bid", bid ?? 0] as const) : (["uid", uid] as const);
  const isOwn = (entry: { uid: number } | null | undefined) => uid === undefined || entry?.uid === uid;
  return {
    year,
    user: uid === undefined ? null : userOf(forum, uid),
    board: bid === undefined ? null : { bid, name: boardName(bid) },
    totals: totalsOf(forum, year, { uid: uid!, bid: bid! }),
    before: totalsOf(forum, year - 1, { uid: uid!, bid: bid! }),
    place: id === 0 ? null : { ...placeIn(forum, year, key, id), before: placeIn(forum, year - 1, key, id).place },
    days: perDay.toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    favourite_board:
      board && bid === undefined ? { bid: board.key, name: boardName(board.key), post_count: board.post_count } : null,
    favourite_hour: named(most(posts.map(({ hour }) => hour)), "hour"),
    favourite_weekday: named(most(posts.map(({ weekday }) => String(weekday))), "weekday"),
    busiest_day: named(most(posts.map(({ day }) => day)), "day"),
    longest_streak:
      streak && bid === undefined
        ? { user: userOf(forum, streak.uid), days: streak.days, from: streak.from, to: streak.to }
        : null,
    top_thread: thread ? { thread: { tid: thread.key, title, subtitle }, post_count: thread.post_count } : null,
    quotes_most: uid === undefined ? null : quotesOf(forum, inYear, uid, true),
    quoted_most_by: uid === undefined ? null : quotesOf(forum, inYear, uid, false),
    most_quoted: quoted
      ? { post: postIn(forum)(all.find(({ pid }) => pid === quoted.key)!), quoted_count: quoted.post_count }
      : null,
    top_domain: domain && bid === undefined ? { domain: domain.key, count: domain.post_count } : null,
    records: recordsOf(forum, bid).flatMap(({ record, history }) =>
      history
        .filter(({ day, user }) => day.startsWith(String(year)) && isOwn(user))
        .map((entry) => ({ record, ...entry })),
    ),
    milestones: milestonesOf(forum, bid)
      .filter(({ day, post }) => day.startsWith(String(year)) && isOwn(post.user))
      .map(({ number, post }) => ({ number, post })),
  };
}
