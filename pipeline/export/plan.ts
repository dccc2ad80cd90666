/** Which responses an export has: what the pages ask without filters, and with each year, board and user. */
import { orderColumns } from "@potstats/server/queries/poster-stats";
import { streakOrders } from "@potstats/server/queries/streaks";
import { threadColumns } from "@potstats/server/queries/threads";
import { keyOf, type ShardCounts, shardOf } from "@potstats/web/export/keys";

/** What exists in the forum, each in order. */
export interface Facts {
  years: number[];
  bids: number[];
  uids: number[];
  tids: number[];
  /** Days with posts, "2012-05-01". */
  days: string[];
  /** The domains of the table on /links. */
  domains: string[];
  /** Two users who quote each other most, strongest first. */
  pairs: [uid: number, other: number][];
  /** Years with posts by user, and by board. */
  yearsOfUser: ReadonlyMap<number, number[]>;
  yearsOfBoard: ReadonlyMap<number, number[]>;
}

export interface Planned {
  /** "user-stats?uid=3" */
  request: string;
  /** Of a list: how many pages of it; 1 by default. */
  pages?: number;
}

/** About so many users or threads share a script, so that it loads at once. */
const usersPerShard = 24;
const threadsPerShard = 64;

export const shardCountsOf = ({ uids, tids }: Facts): ShardCounts => ({
  users: Math.max(1, Math.ceil(uids.length / usersPerShard)),
  threads: Math.max(1, Math.ceil(tids.length / threadsPerShard)),
});

/** Pages of a list in another order than the usual one. */
const fewPages = 5;
const allPages = Infinity;

const timeStatistics = ["post_count", "active_users", "edit_count", "avg_post_length", "threads_created"];
const wholeForum = [
  "status",
  "years",
  "imprint",
  "news",
  "overview",
  "boards",
  "year-over-year-stats",
  "weekday-stats",
  "hourly-stats",
  "thread-replies",
  "records",
  "cohorts",
  "network?limit=1500",
  "network?limit=60",
  "poster-stats?limit=10",
  "domains?limit=100",
  "user-domains?limit=100",
];
const linkTypes = ["link", "image", "video"];

const single = (...requests: string[]): Planned[] => requests.map((request) => ({ request }));

/** A list in all its orders; the usual one completely. */
const inEveryOrder = (path: string, orders: readonly string[], usual: string, more = ""): Planned[] =>
  orders.flatMap((by) =>
    ["desc", "asc"].map((order) => ({
      request: `${path}?limit=200&order=${order}&order_by=${by}${more}`,
      pages: by === usual && order === "desc" ? allPages : fewPages,
    })),
  );

const lists = (selection: string): Planned[] => [
  { request: `poster-stats?limit=200&min_posts=1&order=desc&order_by=post_count&${selection}`, pages: fewPages },
  { request: `threads?limit=200&order=desc&order_by=post_count&${selection}`, pages: fewPages },
];

/** Of the whole forum, over all years. */
const ofForum = ({ domains, pairs }: Facts): Planned[] => [
  ...single(...wholeForum),
  ...single(...pairs.flatMap(([one, other]) => [`pair?uid=${one}&with=${other}`, `pair?uid=${other}&with=${one}`])),
  ...single(
    ...linkTypes.flatMap((type) => [`domains?limit=100&type=${type}`, `user-domains?limit=100&type=${type}`]),
    ...domains.flatMap((domain) => {
      const query = new URLSearchParams({ domain });
      return [`domain-years?${query}`, `user-domains?${query}&limit=10`];
    }),
  ),
  ...inEveryOrder("poster-stats", orderColumns, "post_count", "&min_posts=1"),
  ...inEveryOrder("streaks", streakOrders, "longest"),
  ...inEveryOrder("threads", threadColumns, "post_count"),
];

const ofYear = (year: number): Planned[] => [
  ...single(
    ...["overview", "boards", "year-over-year-stats", "weekday-stats", "hourly-stats", "recap"].map(
      (path) => `${path}?year=${year}`,
    ),
    `poster-stats?limit=10&year=${year}`,
    `network?limit=1500&year=${year}`,
    `domains?limit=100&year=${year}`,
    `user-domains?limit=100&year=${year}`,
    ...timeStatistics.map((statistic) => `daily-stats?statistic=${statistic}&year=${year}`),
  ),
  ...lists(`year=${year}`),
];

const ofBoard = (bid: number, years: number[]): Planned[] => [
  ...single(
    ...["overview", "year-over-year-stats", "years", "weekday-stats", "hourly-stats"].map(
      (path) => `${path}?bid=${bid}`,
    ),
    ...["thread-replies", "records", "cohorts"].map((path) => `${path}?bid=${bid}`),
    `poster-stats?bid=${bid}&limit=10`,
    ...years.flatMap((year) => [
      ...["overview", "weekday-stats", "hourly-stats", "recap"].map((path) => `${path}?bid=${bid}&year=${year}`),
      `poster-stats?bid=${bid}&limit=10&year=${year}`,
      `daily-stats?bid=${bid}&statistic=post_count&year=${year}`,
    ]),
  ),
  ...lists(`bid=${bid}`),
];

const ofUser = (uid: number, years: number[]): Planned[] =>
  single(
    ...["poster-development", "user-stats", "user-daily-stats", "user-hourly-stats", "user-streaks"].map(
      (path) => `${path}?uid=${uid}`,
    ),
    ...["boards", "year-over-year-stats", "weekday-stats", "hourly-stats"].map((path) => `${path}?uid=${uid}`),
    ...["user-threads", "user-domains"].map((path) => `${path}?limit=10&uid=${uid}`),
    ...["quoting", "quoted_by"].map((direction) => `user-quotes?direction=${direction}&limit=10&uid=${uid}`),
    ...years.map((year) => `recap?uid=${uid}&year=${year}`),
  );

/** Month and day of every date that a year can have. */
function datesOfYear(): string[] {
  const start_ms = Date.UTC(2000, 0, 1);
  return Array.from({ length: 366 }, (_, at) => new Date(start_ms + at * 86_400_000).toISOString().slice(5, 10));
}

/** Every script with its requests. */
export function* shardsOf(facts: Facts): Generator<{ name: string; planned: Planned[] }> {
  const counts = shardCountsOf(facts);
  const general = [
    ...ofForum(facts),
    ...facts.years.flatMap(ofYear),
    ...facts.bids.flatMap((bid) => ofBoard(bid, facts.yearsOfBoard.get(bid) ?? [])),
    ...single(...facts.days.map((day) => `day-stats?day=${day}`)),
    ...single(...datesOfYear().map((date) => `on-this-day?date=${date}`)),
  ];
  const groups = Map.groupBy(general, ({ request }) => shardOf(keyOf(`/api/${request}`), counts));
  for (const [name, planned] of groups) yield { name, planned };
  const users = Map.groupBy(facts.uids, (uid) => uid % counts.users);
  for (const [at, uids] of users)
    yield { name: `user-${at}`, planned: uids.flatMap((uid) => ofUser(uid, facts.yearsOfUser.get(uid) ?? [])) };
  const threads = Map.groupBy(facts.tids, (tid) => tid % counts.threads);
  for (const [at, tids] of threads)
    yield { name: `thread-${at}`, planned: single(...tids.map((tid) => `thread?tid=${tid}`)) };
}
