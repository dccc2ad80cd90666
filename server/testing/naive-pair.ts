/** The expected response of /api/pair, computed naively from the forum's posts. */
import type { ForumData } from "./forum-data.ts";
import { counted, type CountedPost, userOf } from "./naive.ts";
import { postIn } from "./naive-records.ts";

interface Quote {
  quoting: CountedPost;
  quoted: CountedPost;
  count: number;
}

const unixSeconds = ({ time }: CountedPost) => time!.getTime() / 1000;
const sum = (quotes: Quote[]) => quotes.reduce((total, { count }) => total + count, 0);
const distinct = (values: number[]) => [...new Set(values)].toSorted((a, b) => a - b);

/** All quotes between counted posts, in order. */
function quotesIn(posts: CountedPost[]): Quote[] {
  return posts
    .toSorted((a, b) => unixSeconds(a) - unixSeconds(b) || a.pid - b.pid)
    .flatMap((quoting) =>
      quoting.quotes
        .toSorted((a, b) => a.pid - b.pid)
        .flatMap(({ pid, count }) => {
          const quoted = posts.find((post) => post.pid === pid);
          return quoted ? [{ quoting, quoted, count }] : [];
        }),
    );
}

const from = (quotes: Quote[], quoter: number, quoted: number) =>
  quotes.filter((quote) => quote.quoting.uid === quoter && quote.quoted.uid === quoted);

function side(forum: ForumData, uid: number, other: number) {
  const posts = counted(forum);
  const quotes = quotesIn(posts);
  const own = from(quotes, uid, other);
  const last = own.find(({ quoting }) => quoting.pid === own.at(-1)?.quoting.pid);
  const shown = (quote: Quote | undefined) =>
    quote ? { quoting: postIn(forum)(quote.quoting), quoted: postIn(forum)(quote.quoted) } : null;
  const counts = distinct(quotes.filter(({ quoting }) => quoting.uid === other).map(({ quoted }) => quoted.uid)).map(
    (quoted) => sum(from(quotes, other, quoted)),
  );
  const received = sum(from(quotes, other, uid));
  const hours = posts.filter((post) => post.uid === uid).map(({ weekday, hour }) => `${weekday} ${hour}`);
  return {
    user: userOf(forum.users.find((user) => user.uid === uid)!),
    quotes: sum(own),
    place: received === 0 ? null : 1 + counts.filter((count) => count > received).length,
    first_quote: shown(own[0]),
    last_quote: shown(last),
    hours: [...new Set(hours)]
      .map((key) => {
        const [weekday = "", hour] = key.split(" ");
        return { weekday, hour: Number(hour), post_count: hours.filter((one) => one === key).length };
      })
      .toSorted((a, b) => Number(a.weekday) - Number(b.weekday) || a.hour - b.hour),
  };
}

/** Where both have posts, by the smaller of the two numbers. */
function shared(forum: ForumData, uid: number, other: number, key: "bid" | "tid") {
  const posts = counted(forum);
  const count = (id: number, user: number) => posts.filter((post) => post[key] === id && post.uid === user).length;
  return distinct(posts.map((post) => post[key]))
    .map((id) => ({ id, user: count(id, uid), with: count(id, other) }))
    .filter((row) => row.user > 0 && row.with > 0)
    .toSorted((a, b) => Math.min(b.user, b.with) - Math.min(a.user, a.with) || a.id - b.id);
}

export function pairOf(forum: ForumData, uid: number, other: number) {
  const quotes = quotesIn(counted(forum));
  const there = from(quotes, uid, other);
  const back = from(quotes, other, uid);
  const inYear = (some: Quote[], year: number) => sum(some.filter(({ quoting }) => quoting.year === year));
  const threads = shared(forum, uid, other, "tid");
  return {
    user: side(forum, uid, other),
    with: side(forum, other, uid),
    years: distinct([...there, ...back].map(({ quoting }) => quoting.year)).map((year) => ({
      year,
      user: inYear(there, year),
      with: inYear(back, year),
    })),
    boards: shared(forum, uid, other, "bid").map(({ id, ...numbers }) => ({
      bid: id,
      name: forum.boards.find(({ bid }) => bid === id)!.name,
      ...numbers,
    })),
    shared_threads: threads.length,
    threads: threads.slice(0, 10).map(({ id, ...numbers }) => {
      const { tid, title, subtitle } = forum.threads.find((thread) => thread.tid === id)!;
      return { thread: { tid, title, subtitle }, ...numbers };
    }),
  };
}
