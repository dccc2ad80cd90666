import { afterAll, beforeAll, expect, test } from "bun:test";
import { queryOf } from "../testing/examples.ts";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** The earliest maximum. */
function record(days: Map<string, number>) {
  const [day, count] = [...days].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]!;
  return { day, count };
}

test("returns totals and records for any selection", async () => {
  for (const selection of [{}, { year: 2006 }, { bid: 14 }, { year: 2009, bid: 53 }]) {
    const posts = naive.select(naive.counted(server.forum), selection);
    const byDay = Map.groupBy(posts, ({ day }) => day);
    const days = [...byDay.keys()].toSorted();
    const highest = (value: (posts: naive.CountedPost[]) => number) =>
      record(new Map([...byDay].map(([day, group]) => [day, value(group)])));
    const threads = [...byDay].flatMap(([day, group]) =>
      [...Map.groupBy(group, ({ tid }) => tid)].map(([tid, { length }]) => ({ day, tid, post_count: length })),
    );
    const [busiest] = threads.toSorted(
      (a, b) => b.post_count - a.post_count || (a.day < b.day ? -1 : a.day > b.day ? 1 : a.tid - b.tid),
    );
    const { title, subtitle } = server.forum.threads.find(({ tid }) => tid === busiest!.tid)!;
    expect(await server.json(`/api/overview?${queryOf(selection)}`)).toEqual({
      ...naive.totals(server.forum, posts),
      active_users: new Set(posts.map(({ uid }) => uid)).size,
      days: days.length,
      first_day: days[0]!,
      last_day: days.at(-1)!,
      records: {
        most_posts: highest((group) => group.length),
        most_users: highest((group) => new Set(group.map(({ uid }) => uid)).size),
        most_threads: highest((group) => naive.totals(server.forum, group).threads_created),
        busiest_thread: {
          thread: { tid: busiest!.tid, title, subtitle },
          day: busiest!.day,
          post_count: busiest!.post_count,
        },
      },
    });
  }
});

test("a selection without new threads has no record of them", async () => {
  const { sql } = server.database;
  await sql`update baked.daily_stats set threads_created = 0 where bid = 53`;
  const { records } = await server.json("/api/overview?bid=53&nocache");
  expect(records.most_threads).toBe(null);
  expect(records.most_posts.count).toBeGreaterThan(0);
});

test("a selection without posts has no records", async () => {
  expect(await server.json("/api/overview?year=2008")).toEqual({
    post_count: 0,
    edit_count: 0,
    threads_created: 0,
    avg_post_length: 0,
    active_users: 0,
    days: 0,
    first_day: null,
    last_day: null,
    records: { most_posts: null, most_users: null, most_threads: null, busiest_thread: null },
  });
});
