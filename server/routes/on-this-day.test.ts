import { afterAll, afterEach, beforeAll, expect, setSystemTime, test } from "bun:test";
import * as naive from "../testing/naive.ts";
import { milestonesOf, postIn } from "../testing/naive-records.ts";
import { appOptions, newClient, origin, reanalyze, testServer, type TestServer } from "../testing/server.ts";
import { createApp } from "../app.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  const { sql } = server.database;
  // Wall-clock times: their dates are those of the profile, whatever the time zone.
  await sql`update users set registered = '2001-02-28 23:59:59' where uid >= 100`;
  await sql`update users set registered = '2004-02-29 00:00:00' where uid in (3, 5, 999)`;
  await sql`update users set registered = '2008-02-29 12:00:00' where uid = 9`;
  await reanalyze(server.database);
});
afterEach(() => {
  setSystemTime();
});
afterAll(() => server.stop());

/** The years' rows, computed from the posts. */
function rowsOf(date: string, bid: number) {
  const all = naive.counted(server.forum);
  const threads = new Map(server.forum.threads.map(({ tid, title, subtitle }) => [tid, { tid, title, subtitle }]));
  const quotesOf = (pid: number) => all.filter(({ quotes }) => quotes.some((quote) => quote.pid === pid)).length;
  const ofDate = all.filter((post) => post.day.endsWith(`-${date}`) && (bid === 0 || post.bid === bid));
  return [...Map.groupBy(ofDate, ({ year }) => year)]
    .toSorted(([a], [b]) => b - a)
    .map(([year, posts]) => {
      const [busiest] = [...Map.groupBy(posts, ({ tid }) => tid)].toSorted(
        ([a, ofA], [b, ofB]) => ofB.length - ofA.length || a - b,
      );
      const [quoted] = posts.toSorted((a, b) => quotesOf(b.pid) - quotesOf(a.pid) || a.pid - b.pid);
      const { post_count, threads_created } = naive.totals(server.forum, posts);
      const quoted_count = quotesOf(quoted!.pid);
      return {
        year,
        post_count,
        active_users: new Set(posts.map(({ uid }) => uid)).size,
        threads_created,
        busiest_thread: { thread: threads.get(busiest![0]), post_count: busiest![1].length },
        most_quoted: quoted_count > 0 ? { post: postIn(server.forum)(quoted!), quoted_count } : null,
      };
    });
}

test("each date of the forum in all years, with the day's milestones, for all boards and one", async () => {
  const dates = [...new Set(naive.counted(server.forum).map(({ day }) => day.slice(5)))].toSorted();
  for (const date of [...dates.slice(0, 60), "02-29", "12-31", "01-01"]) {
    for (const bid of [0, 14]) {
      const { rows, milestones } = await server.json(`/api/on-this-day?date=${date}&bid=${bid}`);
      expect([date, bid, ...rows]).toEqual([date, bid, ...rowsOf(date, bid)]);
      const expected = milestonesOf(server.forum, bid).filter(({ day }) => day.endsWith(date));
      expect([date, ...milestones]).toEqual([date, ...expected.map(({ number, post }) => ({ number, post }))]);
    }
  }
});

test("the milestones are on their dates", async () => {
  for (const { day, ...milestone } of milestonesOf(server.forum))
    expect((await server.json(`/api/on-this-day?date=${day.slice(5)}`)).milestones).toContainEqual(milestone);
});

test("who registered on the date: newest year first, at most ten a year by all posts, without posts included", async () => {
  const users = (uids: number[]) =>
    uids
      .map((uid) => ({
        user: naive.userOf(server.forum.users.find((user) => user.uid === uid)!),
        post_count: naive.userNumbers(server.forum, uid, {})?.post_count ?? 0,
      }))
      .toSorted((a, b) => b.post_count - a.post_count || a.user.uid - b.user.uid);
  for (const bid of [0, 14]) {
    const { registered } = await server.json(`/api/on-this-day?date=02-29&bid=${bid}`);
    expect(registered).toEqual([
      { year: 2008, users: users([9]) },
      { year: 2004, users: users([3, 5, 999]) },
    ]);
  }
  const many = server.forum.users.map(({ uid }) => uid).filter((uid) => uid >= 100 && uid !== 999);
  const { registered } = await server.json("/api/on-this-day?date=02-28");
  expect(registered).toEqual([{ year: 2001, users: users(many).slice(0, 10) }]);
  expect((await server.json("/api/on-this-day?date=03-01")).registered).toEqual([]);
});

test.each([
  ["02-28", 200],
  ["02-29", 200],
  ["03-01", 200],
  ["12-31", 200],
  ["02-30", 400],
  ["04-31", 400],
  ["00-10", 400],
  ["13-01", 400],
  ["10-00", 400],
  ["2-29", 400],
  ["0229", 400],
  ["2012-02-29", 400],
  ["", 400],
])("date=%s: %d", async (date, status) => {
  const response = await server.ask(`/api/on-this-day?date=${date}`);
  const body = await response.json();
  expect(response.status).toBe(status);
  if (status === 400)
    expect(body).toEqual({
      error: "parameter date must be month and day, such as 05-01, of a date that some year has",
    });
});

test("without a date it is today in the forum's zone, and never a cached yesterday", async () => {
  for (const [timezone, moments] of [
    [
      "Europe/Berlin",
      { "2016-02-28T22:59:59Z": "02-28", "2016-02-28T23:00:00Z": "02-29", "2016-02-29T23:00:00Z": "03-01" },
    ],
    ["America/New_York", { "2016-12-31T23:30:00Z": "12-31", "2017-01-01T05:00:00Z": "01-01" }],
  ] as const) {
    const app = createApp({ ...appOptions(server.database), timezone });
    for (const [moment, date] of Object.entries(moments)) {
      setSystemTime(new Date(moment));
      for (const path of ["/api/on-this-day", "/api/on-this-day?bid=14", "/api/on-this-day?bid=14"]) {
        const response = await app.fetch(new Request(origin + path), newClient());
        expect([moment, ((await response.json()) as { date: string }).date]).toEqual([moment, date]);
      }
    }
  }
});
