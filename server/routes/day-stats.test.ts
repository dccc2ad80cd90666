import { afterAll, beforeAll, expect, test } from "bun:test";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

test("returns a day's counts and its busiest threads, ordered by posts, then tid", async () => {
  const all = naive.counted(server.forum);
  const threads = new Map(server.forum.threads.map(({ tid, title, subtitle }) => [tid, { tid, title, subtitle }]));
  for (const day of new Set(all.map((post) => post.day))) {
    for (const bid of [0, 14]) {
      const posts = all.filter((post) => post.day === day && (bid === 0 || post.bid === bid));
      const counts = Map.groupBy(posts, ({ tid }) => tid);
      const busiest = [...counts]
        .map(([tid, of]) => ({ thread: threads.get(tid)!, post_count: of.length }))
        .toSorted((a, b) => b.post_count - a.post_count || a.thread.tid - b.thread.tid)
        .slice(0, 5);
      expect(await server.json(`/api/day-stats?day=${day}&bid=${bid}`)).toEqual({
        day,
        ...naive.totals(server.forum, posts),
        active_users: new Set(posts.map(({ uid }) => uid)).size,
        threads: busiest,
      });
    }
  }
});

test("a day without posts has zeros; an invalid day is rejected", async () => {
  expect(await server.json("/api/day-stats?day=1999-12-31")).toEqual({
    day: "1999-12-31",
    post_count: 0,
    edit_count: 0,
    threads_created: 0,
    avg_post_length: 0,
    active_users: 0,
    threads: [],
  });
  for (const day of [
    "",
    "2012",
    "2012-02-30",
    "2012-13-01",
    "0000-01-01",
    "2012-5-1",
    "12012-05-01",
    "2012-05-01T00:00",
  ]) {
    const response = await server.ask(`/api/day-stats?day=${day}`);
    expect([day, response.status, await response.json()]).toEqual([
      day,
      400,
      { error: "parameter day must be a day such as 2012-05-01" },
    ]);
  }
});
