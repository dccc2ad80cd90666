import { afterAll, beforeAll, expect, test } from "bun:test";
import { counted, select } from "../testing/naive.ts";
import type { ForumData } from "../testing/forum-data.ts";
import { testServer, type TestServer } from "../testing/server.ts";
import { tinyForum } from "../testing/tiny-forum.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** The rows, by asking each user of each cohort for each year. */
function cohortsOf(forum: ForumData, bid: number) {
  const posts = select(counted(forum), { bid });
  const years = posts.map(({ year }) => year);
  const firstYear = (uid: number) => Math.min(...posts.flatMap((post) => (post.uid === uid ? [post.year] : [])));
  const rows = [];
  for (let cohort = Math.min(...years); cohort <= Math.max(...years); cohort++) {
    const members = new Set(posts.map(({ uid }) => uid).filter((uid) => firstYear(uid) === cohort));
    for (let year = cohort; members.size > 0 && year <= Math.max(...years); year++) {
      const own = posts.filter((post) => post.year === year && members.has(post.uid));
      rows.push({ cohort, year, active_users: new Set(own.map(({ uid }) => uid)).size, post_count: own.length });
    }
  }
  return rows;
}

test("each cohort in each year until the last one with posts, for all boards and each", async () => {
  for (const bid of [0, 2, 14, 53]) {
    const { rows } = await server.json(`/api/cohorts?bid=${bid}`);
    expect([bid, rows]).toEqual([bid, cohortsOf(server.forum, bid)]);
    // There are no posts in 2005, 2007 and 2008.
    expect(rows.some(({ post_count }: { post_count: number }) => post_count === 0)).toBe(true);
  }
});

test("a board without posts has none; a board is a number", async () => {
  for (const bid of [60, 4711]) expect(await server.json(`/api/cohorts?bid=${bid}`)).toEqual({ rows: [] });
  for (const bid of ["x", "-1"]) expect((await server.ask(`/api/cohorts?bid=${bid}`)).status).toBe(400);
});

test("the first post in a board counts there, the first of all over all boards; New Year is the forum's", async () => {
  const forum = tinyForum([
    // In Berlin, 2011 has begun.
    { uid: 1, time: "2010-12-31T23:00:00Z", tid: 1, bid: 1 },
    { uid: 1, time: "2013-06-01T12:00:00Z", tid: 2, bid: 2 },
    { uid: 2, time: "2011-06-01T12:00:00Z", tid: 2, bid: 2 },
  ]);
  const small = await testServer({}, forum);
  const rows = async (bid: number) =>
    (await small.json(`/api/cohorts?bid=${bid}`)).rows.map((row: Record<string, number>) => Object.values(row));
  try {
    expect(await rows(1)).toEqual([[2011, 2011, 1, 1]]);
    expect(await rows(2)).toEqual([
      [2011, 2011, 1, 1],
      [2011, 2012, 0, 0],
      [2011, 2013, 0, 0],
      [2013, 2013, 1, 1],
    ]);
    expect(await rows(0)).toEqual([
      [2011, 2011, 2, 2],
      [2011, 2012, 0, 0],
      [2011, 2013, 1, 1],
    ]);
  } finally {
    await small.stop();
  }
});
