import { afterAll, beforeAll, expect, test } from "bun:test";
import { insertPost } from "@potstats/db/testing/database";
import type { ForumData } from "../testing/forum-data.ts";
import * as naive from "../testing/naive.ts";
import { recordsOf } from "../testing/naive-records.ts";
import { reanalyze, testServer, type TestServer } from "../testing/server.ts";
import { tinyForum } from "../testing/tiny-forum.ts";

/** Users and their posts in the week before the last day with posts, in the week before that, and earlier. */
const posts: Record<number, [week: number, before: number, earlier: number]> = {
  1: [5, 0, 0],
  2: [5, 3, 0],
  3: [4, 3, 0],
  4: [0, 9, 1],
  5: [0, 0, 20],
  ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [6 + at, [1, 1, 0]])),
};

/** Days in May 2013; the last day with posts is the 31st. */
function makeForum(): ForumData {
  const at = (day: number, n: number) =>
    `2013-05-${String(day).padStart(2, "0")}T12:00:${String(n % 60).padStart(2, "0")}Z`;
  const list = Object.entries(posts).flatMap(([uid, [week, before, earlier]]) => [
    ...Array.from({ length: week }, (_, n) => ({ uid: Number(uid), tid: 2, time: at(n % 2 === 0 ? 24 : 30, n) })),
    ...Array.from({ length: before }, (_, n) => ({ uid: Number(uid), time: at(n % 2 === 0 ? 17 : 23, n) })),
    ...Array.from({ length: earlier }, (_, n) => ({ uid: Number(uid), time: at(16, n) })),
  ]);
  return tinyForum([...list, { uid: 5, time: at(31, 1) }]);
}

let server: TestServer;
beforeAll(async () => {
  server = await testServer({}, makeForum());
});
afterAll(() => server.stop());

const between = (from: string, to: string) => naive.counted(server.forum).filter(({ day }) => day >= from && day <= to);
const numbers = (own: naive.CountedPost[]) => ({
  post_count: own.length,
  active_users: new Set(own.map(({ uid }) => uid)).size,
  threads_created: naive.totals(server.forum, own).threads_created,
});

test("the seven days before the last day with posts, and the seven before them", async () => {
  const { from, to, week, before } = await server.json("/api/news");
  expect({ from, to }).toEqual({ from: "2013-05-24", to: "2013-05-30" });
  expect(week).toEqual(numbers(between("2013-05-24", "2013-05-30")));
  expect(before).toEqual(numbers(between("2013-05-17", "2013-05-23")));
  expect(week.threads_created).toBe(1);
});

test("the ten busiest users: equals share a place, and the place before is null without posts", async () => {
  const { places } = await server.json("/api/news");
  const place = (uid: number, at: 0 | 1) =>
    posts[uid]![at] === 0 ? null : 1 + Object.values(posts).filter((counts) => counts[at] > posts[uid]![at]).length;
  const expected = Object.keys(posts)
    .map((uid) => ({ uid: Number(uid), post_count: posts[Number(uid)]![0] }))
    .toSorted((a, b) => b.post_count - a.post_count || a.uid - b.uid)
    .slice(0, 10)
    .map(({ uid, post_count }) => ({
      user: { uid, name: `Nutzer ${uid}`, aliases: [] },
      post_count,
      place: place(uid, 0),
      before: place(uid, 1),
    }));
  expect(places).toEqual(expected);
  expect(expected.slice(0, 3)).toMatchObject([
    { place: 1, before: null },
    { place: 1, before: 2 },
    { place: 3, before: 2 },
  ]);
});

test("the newest of today's records, of equals the first; and the next milestone", async () => {
  const { record, next_milestone } = await server.json("/api/news");
  const today = recordsOf(server.forum).flatMap(({ record: name, history }) => {
    const entry = history.at(-1);
    return entry ? [{ record: name, ...entry }] : [];
  });
  const latest = today
    .map(({ day }) => day)
    .toSorted()
    .at(-1);
  expect(record).toEqual(today.find(({ day }) => day === latest));
  const count = naive.counted(server.forum).length;
  expect(next_milestone).toEqual({ number: 100, missing: 100 - count });
});

test("a later post moves the weeks; with the hundredth post the next milestone is the thousandth", async () => {
  const { sql } = server.database;
  const count = server.forum.posts.length;
  for (let n = count + 1; n <= 100; n++)
    await insertPost(sql, {
      pid: 1000 + n,
      tid: 1,
      poster_uid: 1,
      timestamp: new Date("2013-06-30T12:00:00Z"),
      revision: 2 ** 30,
    });
  await reanalyze(server.database);
  expect(await server.json("/api/news?nocache")).toMatchObject({
    from: "2013-06-23",
    to: "2013-06-29",
    week: { post_count: 0, active_users: 0, threads_created: 0 },
    places: [],
    next_milestone: { number: 1000, missing: 900 },
  });
});

test("a forum without posts", async () => {
  const { sql } = server.database;
  await sql.unsafe("truncate post_contents, posts, threads cascade");
  await reanalyze(server.database);
  const zeros = { post_count: 0, active_users: 0, threads_created: 0 };
  expect(await server.json("/api/news?nocache")).toEqual({
    from: null,
    to: null,
    week: zeros,
    before: zeros,
    places: [],
    record: null,
    next_milestone: { number: 1, missing: 1 },
  });
});
