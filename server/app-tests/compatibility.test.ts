/**
 * Deliberate differences from potstats2's API, and what is kept: one test each, on a forum small enough to count by
 * hand.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { testServer, type TestServer } from "../testing/server.ts";
import type { ForumData, ForumPost } from "../testing/forum-data.ts";

const people: [uid: number, stored: string, aliases?: string[]][] = [
  [1, "Anna"],
  [2, "M&#252;ller", ["Herr M&#252;ller"]],
  [3, "Bert"],
  [4, "bert"],
  [5, "Stumm"],
];

/** Posts in order: uid, tid, time, content. */
const postsInOrder: [uid: number, tid: number, time: string, content: string][] = [
  // In Berlin this is the first hour of 2012, a Sunday; in UTC it is still Saturday and 2011.
  [1, 100, "2011-12-31T23:30:00Z", "abcdefghij"],
  [2, 100, "2012-03-06T12:00:00Z", "ab"],
  [2, 200, "2012-03-06T12:00:00Z", "abc"],
  [3, 200, "2012-03-08T12:00:00Z", "ab"],
  [3, 200, "2012-03-08T12:00:00Z", "ab"],
  [4, 200, "2012-03-08T12:00:00Z", '[quote=100,1,"Anna"]x[/quote]ja'],
  [1, 200, "2013-05-01T12:00:00Z", "[URL=HTTP://WWW.Zebra.example/x]x[/URL] [IMG]http://ä.example/x.png[/IMG]"],
  [
    3,
    100,
    "2013-05-01T12:00:00Z",
    "[url]http://a.example[/url] [url]http://A.example/x[/url] [url]http://ä.example[/url]",
  ],
];

const forum: ForumData = {
  boards: [
    { bid: 10, name: "Zehn", description: "" },
    { bid: 20, name: "Zwanzig", description: "" },
  ],
  users: people.map(([uid, stored, aliases = []]) => ({ uid, stored, name: stored, aliases })),
  threads: [
    { tid: 100, bid: 10, title: "K&#228;se", subtitle: "" },
    { tid: 200, bid: 20, title: "Brot", subtitle: "" },
  ],
  posts: postsInOrder.map(([uid, tid, time, content], at): ForumPost => ({
    pid: at + 1,
    tid,
    bid: tid / 10,
    uid,
    time: new Date(time),
    edits: 0,
    content,
    hidden: false,
    gone: false,
    quotes: [],
    links: [],
  })),
};

let server: TestServer;
beforeAll(async () => {
  server = await testServer({}, forum);
});
afterAll(() => server.stop());

// oxlint-disable-next-line typescript/no-explicit-any -- tests read arbitrary responses
const rows = async (path: string): Promise<any[]> => (await server.json(`/api/${path}`)).rows;
const uids = async (path: string) => (await rows(path)).map(({ User }) => User.uid);

describe("deliberate differences", () => {
  test("1: with ties, pages neither skip nor repeat a user, in both orders; limit is 1 to 10,000", async () => {
    // Nobody ever edited anything.
    for (const order of ["asc", "desc"]) {
      const seen: number[] = [];
      let next: string | undefined = `/api/poster-stats?order_by=edit_count&order=${order}&limit=1`;
      while (next) {
        const page = await server.json(next);
        seen.push(...page.rows.map(({ User }: { User: { uid: number } }) => User.uid));
        next = page.next;
      }
      expect(seen).toEqual([1, 2, 3, 4]);
    }
    for (const limit of [0, 10_001]) expect((await server.ask(`/api/domains?limit=${limit}`)).status).toBe(400);
  });

  test("2: avg_post_length is the mean over posts, rounded half up, and sorting uses the rounded value", async () => {
    const year2012 = async (uid: number) => (await server.json(`/api/poster-development?uid=${uid}`)).years["2012"];
    expect((await year2012(2)).avg_post_length).toBe(3);
    expect((await rows("poster-stats?year=2012")).find(({ User }) => User.uid === 2).avg_post_length).toBe(3);
    // 10 + 2 + 3 + 2 + 2 + 31 characters in six posts; the mean of the users' means would be 11.4.
    expect(await rows("year-over-year-stats?year=2012")).toMatchObject([{ post_count: 6, avg_post_length: 8 }]);
    // Tuesday: 2 and 3 characters.
    const [tuesday] = (await rows("weekday-stats?year=2012")).filter(({ weekday }) => weekday === "2");
    expect(tuesday.avg_post_length).toBe(3);
    // Müller's 2.5 is shown as 3, Bert's is 2.
    expect(await uids("poster-stats?year=2012&order_by=avg_post_length&order=asc")).toEqual([3, 2, 1, 4]);
  });

  test("3: users and edges with a single post are included", async () => {
    expect(await uids("poster-stats?year=2012")).toContain(4);
    expect(await rows("social-graph")).toMatchObject([{ from: { uid: 4 }, to: { uid: 1 }, count: 1, intensity: 1 }]);
  });

  test("4: tags are case-insensitive, domains are lower case", async () => {
    expect(await rows("user-domains?uid=1&type=link")).toMatchObject([{ domain: "www.zebra.example", count: 1 }]);
  });

  test("5: ties are broken by id, ascending; domains by code point", async () => {
    expect(await uids("poster-stats?order_by=threads_created&order=asc")).toEqual([3, 4, 1, 2]);
    expect((await rows("domains?year=2013&type=link")).map(({ domain }) => domain)).toEqual([
      "a.example",
      "www.zebra.example",
      "ä.example",
    ]);
    expect((await rows("domains")).map(({ domain, count }) => [domain, count])).toEqual([
      ["a.example", 2],
      ["ä.example", 2],
      ["www.zebra.example", 1],
    ]);
  });

  test("6: years, weekdays and days are in the statistics' time zone", async () => {
    expect((await rows("year-over-year-stats")).map(({ year }) => year)).toEqual([2012, 2013]);
    expect(await rows("boards?year=2011")).toEqual([]);
    expect((await rows("weekday-stats?bid=10&year=2012")).map(({ weekday }) => weekday)).toEqual(["2", "7"]);
    const { series } = await server.json("/api/daily-stats?year=2012&bid=10&statistic=post_count");
    expect(series[0]).toEqual({ name: 0, series: [{ name: "Sonntag", value: 1 }] });
  });

  test("7: daily-stats runs from the first to the last day, even within one week", async () => {
    expect(await server.json("/api/daily-stats?year=2012&bid=20&statistic=active_users")).toEqual({
      series: [
        {
          name: 10,
          series: [
            { name: "Donnerstag", value: 2 },
            { name: "Mittwoch", value: 0 },
            { name: "Dienstag", value: 1 },
          ],
        },
      ],
    });
  });

  test("8: requests that made potstats2 fail succeed", async () => {
    expect(await server.json("/api/poster-development?uid=5")).toEqual({
      user: { name: "Stumm", uid: 5, aliases: [] },
      years: {},
    });
    expect((await rows("year-over-year-stats?year=2013")).map(({ year }) => year)).toEqual([2013]);
  });

  test("9: names and titles are repaired", async () => {
    const { user } = await server.json("/api/poster-development?uid=2");
    expect(user).toEqual({ name: "Müller", uid: 2, aliases: ["Herr Müller"] });
    const { threads } = await server.json("/api/day-stats?day=2012-01-01");
    expect(threads).toEqual([{ thread: { tid: 100, title: "Käse", subtitle: "" }, post_count: 1 }]);
  });
});

describe("kept from potstats2", () => {
  test("weekdays, years, boards and users have a row only if they have posts in the selection", async () => {
    expect((await rows("weekday-stats?year=2013")).map(({ weekday }) => weekday)).toEqual(["3"]);
    expect((await rows("boards?year=2012")).map(({ bid, thread_count }) => [bid, thread_count])).toEqual([
      [10, 1],
      [20, 1],
    ]);
    // Threads with posts in 2013 that were created before.
    expect((await rows("boards?year=2013")).map(({ thread_count }) => thread_count)).toEqual([0, 0]);
    expect(await uids("poster-stats?year=2013")).toEqual([1, 3]);
  });

  test("user= matches the displayed name in any case, never an alias; the highest uid wins, and uid= overrides user=", async () => {
    const uidOf = async (query: string) => (await server.json(`/api/poster-development?${query}`)).user.uid;
    expect(await uidOf("user=BERT")).toBe(4);
    expect(await uidOf("user=m%C3%BCller")).toBe(2);
    expect(await uidOf("user=bert&uid=3")).toBe(3);
    expect((await server.ask("/api/poster-development?user=Herr%20M%C3%BCller")).status).toBe(400);
  });
});
