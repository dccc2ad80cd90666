import { afterAll, beforeAll, expect, test } from "bun:test";
import { createApp } from "../app.ts";
import { createCache } from "../cache/cache.ts";
import { counted } from "../testing/naive.ts";
import { appOptions, index, newClient, origin, testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await index(server.database);
});
afterAll(() => server.stop());

interface Answer {
  queries: { q: string; count: number }[];
  periods: { period: string; post_count: number; counts: number[]; per_10000: (number | null)[] }[];
}

/** Posts that search finds, by month or year. It also finds those of a thread without a board. */
const searchable = (bid: number, length: 4 | 7) =>
  counted({ ...server.forum, posts: server.forum.posts.map((post) => ({ ...post, bid: post.bid ?? -1 })) })
    .filter((post) => !post.hidden && !post.gone && post.content !== "" && (bid === 0 || post.bid === bid))
    .map((post) => ({
      ...post,
      period: post.day.slice(0, length),
      own: post.content.replace(/\[quote.*\[\/quote\]/, ""),
    }));

const isWritten = (word: string, text: string) => new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, "u").test(text);

test("each number is that of the posts with the word, as share and as number", async () => {
  for (const bid of [0, 14])
    for (const [per, length] of [
      ["month", 7],
      ["year", 4],
    ] as const) {
      const words = ["Regenwald", "Nebel", "Nebel"];
      const query = words.map((word) => `q=%2B${word}`).join("&");
      const answer: Answer = await server.json(`/api/trends?${query}&per=${per}&bid=${bid}`);
      const posts = searchable(bid, length);
      expect(answer).toMatchObject({ per, engine: "postgres" });
      expect(answer.queries).toMatchObject(
        words.map((word) => ({
          q: `+${word}`,
          count: posts.filter(({ own }) => isWritten(word, own)).length,
          count_is_exact: true,
        })),
      );
      for (const { period, post_count, counts, per_10000 } of answer.periods) {
        const ofPeriod = posts.filter((post) => post.period === period);
        const hits = words.map((word) => ofPeriod.filter(({ own }) => isWritten(word, own)).length);
        expect([period, post_count, counts]).toEqual([period, ofPeriod.length, hits]);
        expect(per_10000).toEqual(hits.map((n) => (ofPeriod.length === 0 ? null : (10_000 * n) / ofPeriod.length)));
      }
      const periods = posts.map(({ period }) => period).toSorted();
      expect([answer.periods[0]?.period, answer.periods.at(-1)?.period]).toEqual([periods[0], periods.at(-1)]);
    }
});

test("by month by default, without gaps", async () => {
  const { per, periods } = await server.json("/api/trends?q=Wal");
  expect(per).toBe("month");
  const [first, last] = [periods[0].period, periods.at(-1).period].map((period: string) => {
    const [year = 0, month = 0] = period.split("-").map(Number);
    return 12 * year + month;
  });
  expect(periods).toHaveLength((last ?? 0) - (first ?? 0) + 1);
});

test("the same as a search with the period as parameters; the last word is a beginning", async () => {
  const texts = ["Neb", "Dampfer -Nebel", "user:Tapir", "has:image year:2006", "Regenwald Köln"];
  for (const place of ["bid=14", "uid=3", "bid=14&uid=3"])
    for (const q of texts) {
      const { periods }: Answer = await server.json(`/api/trends?q=${encodeURIComponent(q)}&per=year&${place}`);
      expect(periods.length).toBeGreaterThan(0);
      for (const { period, counts } of periods) {
        const search = new URLSearchParams(`type=post&${place}&after=${period}&before=${Number(period) + 1}`);
        search.set("content", q);
        const { count } = await server.json(`/api/search?${search}`);
        expect([q, place, period, counts]).toEqual([q, place, period, [count]]);
      }
    }
});

test("an empty query and an unknown filter have no hits", async () => {
  const { queries, periods } = await server.json("/api/trends?q=&q=user%3Aniemand&bid=14&per=year");
  expect(queries).toEqual([
    { q: "", count: 0, count_is_exact: true },
    { q: "user:niemand", count: 0, count_is_exact: true, unknown_filter: "user:niemand" },
  ]);
  for (const { counts, per_10000 } of periods)
    expect([counts, per_10000.map(Number)]).toEqual([
      [0, 0],
      [0, 0],
    ]);
  expect(await server.json("/api/trends?q=Nebel&bid=4711")).toMatchObject({ periods: [], queries: [{ count: 0 }] });
});

test("without q, with more than six, or with a wrong period or text it is an error", async () => {
  const many = (n: number) => Array.from({ length: n }, () => "q=Wal").join("&");
  expect((await server.ask(`/api/trends?${many(6)}`)).status).toBe(200);
  const tooManyWords = Array.from({ length: 33 }, (_, n) => `w${n}`).join("+");
  for (const query of [
    "",
    "per=month",
    many(7),
    "q=x&per=week",
    "q=x&bid=x",
    `q=x&q=${"x".repeat(501)}`,
    "q=%00",
    `q=${tooManyWords}`,
  ])
    expect([query.slice(0, 40), (await server.ask(`/api/trends?${query}`)).status]).toEqual([query.slice(0, 40), 400]);
});

test("responses are cached for the same queries in the same order", async () => {
  const options = appOptions(server.database, { cache: createCache() });
  let computed = 0;
  const trends: typeof options.search.trends = (...request) => {
    computed++;
    return options.search.trends(...request);
  };
  const app = createApp({ ...options, search: { ...options.search, trends } });
  const order = async (query: string) => {
    const response = await app.fetch(new Request(`${origin}/api/trends?${query}`), newClient());
    return ((await response.json()) as Answer).queries.map(({ q }) => q);
  };
  for (const _ of [1, 2]) {
    expect(await order("q=Wal&q=Nebel")).toEqual(["Wal", "Nebel"]);
    expect(await order("per=month&q=Wal&bid=0&q=Nebel")).toEqual(["Wal", "Nebel"]);
    expect(await order("q=Nebel&q=Wal")).toEqual(["Nebel", "Wal"]);
    expect(await order("q=Wal")).toEqual(["Wal"]);
  }
  expect(computed).toBe(3);
});

test("each query counts as a search for the rate limit, together with other searches", async () => {
  // A token in a thousand seconds, and one to begin with.
  const app = createApp(appOptions(server.database, { searchRate: 0.001 }));
  const asking = () => {
    const client = newClient();
    return async (path: string) => app.fetch(new Request(origin + path), client);
  };
  for (const [searches, paths] of [
    [1, ["/api/trends?q=a", "/api/search?content=Wal&type=post"]],
    [6, ["/api/trends?q=a&q=b&q=c&q=d&q=e&q=f", "/api/search?content=Wal&type=post"]],
    [1, ["/api/search?content=Wal&type=post", "/api/trends?q=a"]],
  ] as const) {
    const ask = asking();
    expect((await ask(paths[0])).status).toBe(200);
    const refused = await ask(paths[1]);
    expect(refused.status).toBe(429);
    const wait_s = Number(refused.headers.get("Retry-After"));
    expect(Math.abs(wait_s - 1000 * searches)).toBeLessThan(500);
    expect((await ask("/api/boards")).status).toBe(200);
  }
});
