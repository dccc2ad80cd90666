import { afterAll, beforeAll, expect, test } from "bun:test";
import { recapOf } from "../testing/naive-recap.ts";
import { testServer, type TestServer } from "../testing/server.ts";
import { tinyForum } from "../testing/tiny-forum.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const years = [2003, 2004, 2006, 2007, 2009];

test("every year of the forum and of each board", async () => {
  for (const year of years)
    for (const bid of [undefined, 2, 14, 53, 60]) {
      const answer = await server.json(`/api/recap?year=${year}&bid=${bid ?? 0}`);
      expect([year, bid, answer]).toEqual([year, bid, recapOf(server.forum, year, bid ? { bid } : {})]);
    }
});

test("every year of users", async () => {
  for (const year of years)
    for (const uid of [3, 5, 9, 17, 31, 2_147_483_647, 101, 110, 120, 999])
      expect([year, uid, await server.json(`/api/recap?year=${year}&uid=${uid}`)]).toEqual([
        year,
        uid,
        recapOf(server.forum, year, { uid }),
      ]);
});

test("without posts there are zeros, nulls and empty lists, and the place that others leave", async () => {
  const totals = { active_days: 0, post_count: 0, edit_count: 0, threads_created: 0, avg_post_length: 0 };
  const nothing = {
    days: [],
    favourite_board: null,
    favourite_hour: null,
    favourite_weekday: null,
    busiest_day: null,
    longest_streak: null,
    top_thread: null,
    quotes_most: null,
    quoted_most_by: null,
    most_quoted: null,
    top_domain: null,
    records: [],
    milestones: [],
  };
  expect(await server.json("/api/recap?year=2006&uid=999")).toMatchObject({
    ...nothing,
    totals: { ...totals, quoted_count: 0, quotes_count: 0 },
    place: { place: null, before: null, of: recapOf(server.forum, 2006, { uid: 999 }).place?.of },
  });
  for (const year of [1, 1999, 9999]) {
    const empty = { ...nothing, year, user: null, totals: { ...totals, active_users: 0 } };
    expect(await server.json(`/api/recap?year=${year}`)).toMatchObject({ ...empty, board: null, place: null });
    expect(await server.json(`/api/recap?year=${year}&bid=4711`)).toMatchObject({
      ...empty,
      board: { bid: 4711, name: "" },
      place: { place: null, before: null, of: 0 },
    });
  }
  const all = await server.json("/api/recap?year=1");
  expect(all.before).toEqual({ ...totals, active_users: 0 });
});

test("a missing or malformed year is an error, as are an unknown user, and a user together with a board", async () => {
  for (const query of ["", "year=0", "year=x", "year=10000", "year=2006-2009", "uid=3", "bid=2"])
    expect([query, (await server.ask(`/api/recap?${query}`)).status]).toEqual([query, 400]);
  for (const query of ["uid=4711", "uid=x", "bid=x", "uid=3&bid=2"])
    expect([query, (await server.ask(`/api/recap?year=2006&${query}`)).status]).toEqual([query, 400]);
  expect((await server.ask("/api/recap?year=2006&uid=3&bid=0")).status).toBe(200);
});

test("a streak over New Year counts in each year for its days there; of equals the earliest, then the lowest uid", async () => {
  const days = (uid: number, ...list: string[]) => list.map((day) => ({ uid, time: `${day}T12:00:00Z` }));
  const forum = tinyForum([
    ...days(7, "2011-12-30", "2011-12-31", "2012-01-01", "2012-01-02", "2012-01-03"),
    ...days(9, "2012-05-01", "2012-05-02", "2012-05-03", "2012-06-01"),
    ...days(8, "2012-05-01", "2012-05-02", "2012-05-03"),
    ...days(6, "2011-06-01", "2011-06-02"),
    ...days(5, "2011-06-01", "2011-06-02"),
  ]);
  const small = await testServer({}, forum);
  const streak = async (query: string) => {
    const { longest_streak } = await small.json(`/api/recap?${query}`);
    return [longest_streak.user.uid, longest_streak.days, longest_streak.from, longest_streak.to];
  };
  try {
    expect(await streak("year=2012")).toEqual([7, 3, "2012-01-01", "2012-01-03"]);
    expect(await streak("year=2011")).toEqual([5, 2, "2011-06-01", "2011-06-02"]);
    expect(await streak("year=2011&uid=7")).toEqual([7, 2, "2011-12-30", "2011-12-31"]);
    expect(await streak("year=2012&uid=9")).toEqual([9, 3, "2012-05-01", "2012-05-03"]);
  } finally {
    await small.stop();
  }
});
