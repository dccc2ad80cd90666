/** The API's expected responses, computed naively from the forum itself: the test oracle of the routes. */
import type { ForumData, ForumPost, ForumUser } from "./forum-data.ts";

const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Europe/Berlin",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});
const hours = new Intl.DateTimeFormat("en", { timeZone: "Europe/Berlin", hour: "2-digit", hourCycle: "h23" });

export interface CountedPost extends ForumPost {
  uid: number;
  bid: number;
  /** YYYY-MM-DD in Berlin. */
  day: string;
  year: number;
  /** 1 Monday … 7 Sunday. */
  weekday: number;
  hour: number;
  length: number;
}

/** The posts that are counted (poster, time and board are known), with their local time. */
export function counted(forum: ForumData): CountedPost[] {
  return forum.posts.flatMap((post) => {
    const { uid, bid, time } = post;
    if (uid === null || bid === null || time === null) return [];
    const day = parts.format(time);
    const weekday = new Date(`${day}T12:00:00Z`).getUTCDay() || 7;
    return [
      {
        ...post,
        uid,
        bid,
        day,
        year: Number(day.slice(0, 4)),
        weekday,
        hour: Number(hours.format(time)),
        length: Array.from(post.content).length,
      },
    ];
  });
}

/** A year, or the first and the last of several. */
export type Years = number | `${number}-${number}`;

export interface Selection {
  year?: Years;
  bid?: number;
  uid?: number;
}

const isIn = (year: number, years: Years) => {
  const [first, last = first] = String(years).split("-").map(Number);
  return year >= first! && year <= last!;
};

export const select = (posts: CountedPost[], { year, bid, uid }: Selection) =>
  posts.filter((post) => (!year || isIn(post.year, year)) && (!bid || post.bid === bid) && (!uid || post.uid === uid));

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
/** Half up. */
const mean = (total: number, n: number) => (n === 0 ? 0 : Math.round(total / n));

/** The first post of each thread: its poster created the thread. */
const openers = (forum: ForumData) =>
  new Set(
    forum.threads.map(({ tid }) => Math.min(...forum.posts.filter((post) => post.tid === tid).map(({ pid }) => pid))),
  );

export const userOf = ({ uid, name, aliases }: ForumUser) => ({ name, uid, aliases });

export function totals(forum: ForumData, posts: CountedPost[]) {
  const opening = openers(forum);
  return {
    post_count: posts.length,
    edit_count: sum(posts.map(({ edits }) => edits)),
    threads_created: posts.filter(({ pid }) => opening.has(pid)).length,
    avg_post_length: mean(sum(posts.map(({ length }) => length)), posts.length),
  };
}

/** One user's counts in a selection; undefined if there are no posts. */
export function userNumbers(forum: ForumData, uid: number, selection: Selection) {
  const all = counted(forum);
  const byPid = new Map(all.map((post) => [post.pid, post]));
  const posts = select(all, selection).filter((post) => post.uid === uid);
  if (posts.length === 0) return undefined;
  const own = new Set(posts.map(({ pid }) => pid));
  return {
    ...totals(forum, posts),
    quoted_count: sum(all.map(({ quotes }) => quotes.filter(({ pid }) => own.has(pid)).length)),
    quotes_count: sum(posts.map(({ quotes }) => quotes.filter(({ pid }) => byPid.has(pid)).length)),
  };
}

export type OrderColumn =
  | "post_count"
  | "edit_count"
  | "avg_post_length"
  | "threads_created"
  | "quoted_count"
  | "quotes_count";

/** All rows of /api/poster-stats. */
export function posterStats(forum: ForumData, selection: Selection, order_by: OrderColumn, order: "asc" | "desc") {
  const rows = forum.users.flatMap((user) => {
    const numbers = userNumbers(forum, user.uid, selection);
    return numbers ? [{ User: userOf(user), ...numbers }] : [];
  });
  const sign = order === "asc" ? 1 : -1;
  return rows.toSorted((a, b) => sign * (a[order_by] - b[order_by]) || a.User.uid - b.User.uid);
}

export function boards(forum: ForumData, year?: Years, uid?: number) {
  return forum.boards.flatMap((board) => {
    const posts = select(counted(forum), { bid: board.bid, ...(year ? { year } : {}), ...(uid ? { uid } : {}) });
    const { post_count, threads_created } = totals(forum, posts);
    return post_count === 0 ? [] : [{ ...board, thread_count: threads_created, post_count }];
  });
}

function grouped<K extends "year" | "weekday" | "day">(forum: ForumData, selection: Selection, key: K) {
  const posts = select(counted(forum), selection);
  const keys = [...new Set(posts.map((post) => post[key]))].toSorted((a, b) => (a < b ? -1 : 1));
  return keys.map((value) => {
    const group = posts.filter((post) => post[key] === value);
    return { key: value, ...totals(forum, group), active_users: new Set(group.map(({ uid }) => uid)).size };
  });
}

export const years = (forum: ForumData, selection: Selection) =>
  grouped(forum, selection, "year").map(({ key, ...row }) => ({ year: key, ...row }));
export const weekdays = (forum: ForumData, selection: Selection) =>
  grouped(forum, selection, "weekday").map(({ key, ...row }) => ({ weekday: String(key), ...row }));

const germanWeekday = new Intl.DateTimeFormat("de", { timeZone: "UTC", weekday: "long" });
export type Statistic = "post_count" | "edit_count" | "threads_created" | "active_users" | "avg_post_length";

/** Iterates over the year's days, starts a new week on each Monday, then drops the weeks without posts. */
export function weeks(forum: ForumData, selection: { year: number; bid?: number; uid?: number }, statistic: Statistic) {
  const days = new Map(grouped(forum, selection, "day").map((row) => [row.key, row[statistic]]));
  const [first, last] = [[...days.keys()][0]!, [...days.keys()].at(-1)!];
  const series = new Map<number, { name: string; value: number }[]>();
  const withPosts = new Set<number>();
  let week = 0;
  for (let at = new Date(Date.UTC(selection.year, 0, 1)); at.getUTCFullYear() === selection.year;) {
    if (at.getUTCDay() === 1) week++;
    const day = at.toISOString().slice(0, 10);
    if (day >= first && day <= last) {
      if (days.has(day)) withPosts.add(week);
      series.set(week, [{ name: germanWeekday.format(at), value: days.get(day) ?? 0 }, ...(series.get(week) ?? [])]);
    }
    at = new Date(at.getTime() + 86_400_000);
  }
  return [...series].filter(([name]) => withPosts.has(name)).map(([name, cells]) => ({ name, series: cells }));
}

export function socialGraph(forum: ForumData, year?: Years, bid?: number) {
  const all = counted(forum);
  const byPid = new Map(all.map((post) => [post.pid, post]));
  const users = new Map(forum.users.map((user) => [user.uid, userOf(user)]));
  const edges = new Map<string, { from: number; to: number; count: number }>();
  for (const post of select(all, { ...(year ? { year } : {}), ...(bid ? { bid } : {}) })) {
    for (const { pid, count } of post.quotes) {
      const to = byPid.get(pid)?.uid;
      if (to === undefined) continue;
      const edge = edges.get(`${post.uid} ${to}`) ?? { from: post.uid, to, count: 0 };
      edges.set(`${post.uid} ${to}`, { ...edge, count: edge.count + count });
    }
  }
  const strongest = Math.max(...[...edges.values()].map(({ count }) => count));
  return [...edges.values()]
    .toSorted((a, b) => b.count - a.count || a.from - b.from || a.to - b.to)
    .map(({ from, to, count }) => ({
      from: users.get(from)!,
      to: users.get(to)!,
      count,
      intensity: count / strongest,
    }));
}

const byCodePoint = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);

export function userDomains(forum: ForumData, year?: Years, type?: string) {
  const users = new Map(forum.users.map((user) => [user.uid, userOf(user)]));
  const rows = new Map<string, { uid: number; domain: string; count: number }>();
  for (const post of select(counted(forum), year ? { year } : {})) {
    for (const link of post.links) {
      if (type && link.type !== type) continue;
      const row = rows.get(`${post.uid} ${link.domain}`) ?? { uid: post.uid, domain: link.domain, count: 0 };
      rows.set(`${post.uid} ${link.domain}`, { ...row, count: row.count + link.count });
    }
  }
  return [...rows.values()]
    .toSorted((a, b) => b.count - a.count || a.uid - b.uid || byCodePoint(a.domain, b.domain))
    .map(({ uid, domain, count }) => ({ User: users.get(uid)!, domain, count }));
}

export function domains(forum: ForumData, year?: Years, type?: string) {
  const counts = new Map<string, number>();
  for (const { domain, count } of userDomains(forum, year, type)) counts.set(domain, (counts.get(domain) ?? 0) + count);
  return [...counts]
    .map(([domain, count]) => ({ count, domain }))
    .toSorted((a, b) => b.count - a.count || byCodePoint(a.domain, b.domain));
}
