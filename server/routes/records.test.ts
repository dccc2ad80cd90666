import { afterAll, beforeAll, expect, test } from "bun:test";
import { milestonesOf, recordsOf } from "../testing/naive-records.ts";
import { testServer, type TestServer } from "../testing/server.ts";
import { tinyForum } from "../testing/tiny-forum.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

test("each record with all who held it, and milestones, for all boards and each", async () => {
  for (const bid of [0, 2, 14, 53]) {
    const { rows, milestones } = await server.json(`/api/records?bid=${bid}`);
    for (const [at, expected] of recordsOf(server.forum, bid).entries())
      expect([bid, rows[at]]).toEqual([bid, expected]);
    expect(rows).toHaveLength(bid === 0 ? 20 : 17);
    expect(milestones).toEqual(milestonesOf(server.forum, bid).map(({ number, post }) => ({ number, post })));
  }
});

test("most records of the test's forum were broken several times", () => {
  const broken = recordsOf(server.forum).filter(({ history }) => history.length > 1);
  expect(broken.length).toBeGreaterThan(14);
});

test("a board without posts has empty histories and no milestones", async () => {
  for (const bid of [60, 4711]) {
    const { rows, milestones } = await server.json(`/api/records?bid=${bid}`);
    expect(rows).toHaveLength(17);
    expect(rows.filter(({ history }: { history: unknown[] }) => history.length > 0)).toEqual([]);
    expect(milestones).toEqual([]);
  }
  expect((await server.ask("/api/records?bid=x")).status).toBe(400);
});

test("a record is broken by a larger value only; of equal users of a day the lowest uid holds it", async () => {
  // Posts of user 1 per day, then a day of three users.
  const perDay = [3, 5, 5, 4, 9];
  const days = perDay.flatMap((count, at) =>
    Array.from({ length: count }, (_, n) => ({
      uid: 1,
      time: `2012-05-0${at + 1}T10:${String(n).padStart(2, "0")}:00Z`,
    })),
  );
  const before = days.filter(({ time }) => time < "2012-05-05");
  const party = [
    [2, 6],
    [4, 7],
    [3, 7],
  ].flatMap(([uid = 0, count = 0]) =>
    Array.from({ length: count }, (_, n) => ({ uid, time: `2012-06-01T1${uid}:${String(n).padStart(2, "0")}:00Z` })),
  );
  const histories = async (posts: typeof days, record: string) => {
    const small = await testServer({}, tinyForum(posts));
    try {
      const { rows } = await small.json("/api/records");
      const row = rows.find((one: { record: string }) => one.record === record);
      return row.history.map(({ value, day, user }: { value: number; day: string; user: { uid: number } | null }) => [
        value,
        day,
        user?.uid,
      ]);
    } finally {
      await small.stop();
    }
  };
  expect(await histories(days, "busiest_day")).toEqual([
    [3, "2012-05-01", undefined],
    [5, "2012-05-02", undefined],
    [9, "2012-05-05", undefined],
  ]);
  expect(await histories([...before, ...party], "user_day")).toEqual([
    [3, "2012-05-01", 1],
    [5, "2012-05-02", 1],
    [7, "2012-06-01", 3],
  ]);
});
