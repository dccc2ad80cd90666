import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { insertPost } from "@potstats/db/testing/database";
import type { ForumData } from "../testing/forum-data.ts";
import * as naive from "../testing/naive.ts";
import { tinyForum } from "../testing/tiny-forum.ts";
import { reanalyze, testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const day_ms = 86_400_000;
const number = (day: string) => Date.parse(`${day}T00:00:00Z`) / day_ms;
const dayOf = (at: number) => new Date(at * day_ms).toISOString().slice(0, 10);
/** 1970-01-05 was a Monday. */
const weekOf = (at: number) => Math.floor((at - 4) / 7);

interface Run {
  from: number;
  length: number;
}

/** Neighbors among ascending numbers. */
function runs(numbers: number[]): Run[] {
  const result: Run[] = [];
  for (const at of numbers) {
    const last = result.at(-1);
    if (last && last.from + last.length === at) last.length++;
    else result.push({ from: at, length: 1 });
  }
  return result;
}

/** The longest run, of equals the first. */
const longest = (all: Run[]) => all.reduce((best, run) => (run.length > best.length ? run : best));
const span = ({ from, length }: Run) => ({ days: length, from: dayOf(from), to: dayOf(from + length - 1) });

/** The users' rows, by uid, computed from the posts. */
function rowsOf(forum: ForumData) {
  const posts = naive.counted(forum);
  const last = Math.max(...posts.map(({ day }) => number(day)));
  return forum.users
    .toSorted((a, b) => a.uid - b.uid)
    .flatMap((user) => {
      const own = posts.filter(({ uid }) => uid === user.uid).map(({ day }) => number(day));
      const days = [...new Set(own)].toSorted((a, b) => a - b);
      if (days.length === 0) return [];
      const pauses = days.slice(1).map((day, at) => ({ from: days[at]! + 1, length: day - days[at]! - 1 }));
      const weeks = longest(runs([...new Set(days.map(weekOf))]));
      const running = runs(days).at(-1)!;
      const pause = pauses.length > 0 ? longest(pauses) : { from: 0, length: 0 };
      return [
        {
          user: naive.userOf(user),
          active_days: days.length,
          first_day: dayOf(days[0]!),
          last_day: dayOf(days.at(-1)!),
          longest: span(longest(runs(days))),
          running: days.at(-1)! >= last - 1 ? span(running) : null,
          pause: pause.length > 0 ? span(pause) : null,
          weeks: {
            weeks: weeks.length,
            from: dayOf(7 * weeks.from + 4),
            to: dayOf(7 * (weeks.from + weeks.length) + 3),
          },
        },
      ];
    });
}
type Row = ReturnType<typeof rowsOf>[number];

const orders = {
  longest: (row: Row) => row.longest.days,
  running: (row: Row) => row.running?.days,
  pause: (row: Row) => row.pause?.days,
  active_days: (row: Row) => row.active_days,
  weeks: (row: Row) => row.weeks.weeks,
};

/** All rows with a value, sorted. */
function sorted(forum: ForumData, order_by: keyof typeof orders, order: "asc" | "desc"): Row[] {
  const value = orders[order_by];
  const sign = order === "asc" ? 1 : -1;
  return rowsOf(forum)
    .filter((row) => value(row) !== undefined)
    .toSorted((a, b) => sign * (value(a)! - value(b)!));
}

/** All rows, page by page. */
async function walk(from: TestServer, first: string, limit: number): Promise<unknown[]> {
  const rows: unknown[] = [];
  let next: string | undefined = first;
  while (next !== undefined) {
    const page = await from.json(next);
    rows.push(...page.rows);
    next = page.next;
    if (next !== undefined) expect(page.rows).toHaveLength(limit);
  }
  return rows;
}

test("users by each column in both orders, in pages of any size; users without a value are left out", async () => {
  for (const order_by of Object.keys(orders) as (keyof typeof orders)[]) {
    for (const order of ["desc", "asc"] as const) {
      const expected = sorted(server.forum, order_by, order);
      expect(expected.length).toBeGreaterThan(0);
      for (const limit of [order_by === "running" ? 1 : 7, 1000]) {
        const rows = await walk(server, `/api/streaks?order_by=${order_by}&order=${order}&limit=${limit}`, limit);
        expect([order_by, order, ...rows]).toEqual([order_by, order, ...expected]);
      }
    }
  }
  expect((await server.json("/api/streaks")).rows).toEqual(sorted(server.forum, "longest", "desc"));
});

test("the page after any value", async () => {
  const expected = sorted(server.forum, "active_days", "desc");
  const after = async (uid: number, value: string) =>
    (await server.json(`/api/streaks?order_by=active_days&following_uid=${uid}&following_ob=${value}`)).rows;
  const { active_days } = expected[3]!;
  expect(await after(0, `${active_days}.5`)).toEqual(expected.filter((row) => row.active_days <= active_days));
  expect(await after(0, "999999999999999")).toEqual(expected);
  expect(await after(0, "-5")).toEqual([]);
});

test("CSV has the same rows, with empty fields for null", async () => {
  const response = await server.ask("/api/streaks?order_by=active_days&csv");
  expect(response.headers.get("Content-Disposition")).toBe('attachment; filename="streaks.csv"');
  const [head, ...lines] = (await response.text()).trimEnd().split("\r\n");
  expect(head).toBe(
    "uid,name,active_days,first_day,last_day,longest_days,longest_from,longest_to,running_days,running_from,running_to," +
      "pause_days,pause_from,pause_to,weeks,weeks_from,weeks_to",
  );
  const fields = ({ days, from, to }: { days: number | ""; from: string; to: string }) => [days, from, to];
  const none = { days: "", from: "", to: "" } as const;
  const expected = sorted(server.forum, "active_days", "desc");
  expect(lines.map((line) => line.split(",").slice(-15).join(","))).toEqual(
    expected.map((row) =>
      [
        row.active_days,
        row.first_day,
        row.last_day,
        ...fields(row.longest),
        ...fields(row.running ?? none),
        ...fields(row.pause ?? none),
        ...Object.values(row.weeks),
      ].join(","),
    ),
  );
});

test("one user's row; zeros and nulls without posts; errors", async () => {
  for (const row of rowsOf(server.forum))
    expect(await server.json(`/api/user-streaks?uid=${row.user.uid}`)).toEqual(row);
  expect(await server.json("/api/user-streaks?uid=999")).toEqual({
    user: { name: "Schweigsam", uid: 999, aliases: [] },
    active_days: 0,
    first_day: null,
    last_day: null,
    longest: null,
    running: null,
    pause: null,
    weeks: null,
  });
  const errors = {
    "/api/user-streaks": "uid",
    "/api/user-streaks?uid=x": "uid",
    "/api/user-streaks?uid=4711": "no user has the id 4711",
    "/api/streaks?order_by=name": "must be longest, running, pause, active_days or weeks",
    "/api/streaks?order=up": "order",
    "/api/streaks?limit=0": "limit",
    "/api/streaks?following_uid=3": "following_uid and following_ob must be given together",
    "/api/streaks?following_ob=3": "following_uid and following_ob must be given together",
  };
  for (const [path, message] of Object.entries(errors)) {
    const response = await server.ask(path);
    expect([path, response.status, await response.json()]).toEqual([
      path,
      400,
      { error: expect.stringContaining(message) },
    ]);
  }
});

describe("examples", () => {
  /** Active days of a user per example. */
  const days: Record<number, string[]> = {
    1: ["2019-12-30", "2019-12-31", "2020-01-01", "2020-01-04", "2020-01-06"],
    2: ["2016-02-28", "2016-02-29", "2016-03-01"],
    3: ["2019-02-28", "2019-03-01"],
    4: ["2016-02-28", "2016-03-01"],
    5: ["2012-03-24", "2012-03-25", "2012-03-26", "2012-10-27", "2012-10-28", "2012-10-29"],
  };
  let small: TestServer;
  beforeAll(async () => {
    const noon = Object.entries(days).flatMap(([uid, own]) =>
      own.map((day) => ({ uid: Number(uid), time: `${day}T11:00:00Z` })),
    );
    small = await testServer({}, tinyForum(noon));
  });
  afterAll(() => small.stop());
  const rowOf = (uid: number) => small.json(`/api/user-streaks?uid=${uid}&nocache`);

  test("streak, pause and weeks over New Year", async () => {
    expect(await rowOf(1)).toMatchObject({
      active_days: 5,
      longest: { days: 3, from: "2019-12-30", to: "2020-01-01" },
      pause: { days: 2, from: "2020-01-02", to: "2020-01-03" },
      weeks: { weeks: 2, from: "2019-12-30", to: "2020-01-12" },
      running: { days: 1, from: "2020-01-06", to: "2020-01-06" },
    });
  });

  test.each([
    ["through a leap day", 2, { days: 3, from: "2016-02-28", to: "2016-03-01" }, null],
    ["in a year without a leap day", 3, { days: 2, from: "2019-02-28", to: "2019-03-01" }, null],
    [
      "with a pause on a leap day",
      4,
      { days: 1, from: "2016-02-28", to: "2016-02-28" },
      { days: 1, from: "2016-02-29", to: "2016-02-29" },
    ],
    [
      "through clock changes; of equals the first",
      5,
      { days: 3, from: "2012-03-24", to: "2012-03-26" },
      { days: 214, from: "2012-03-27", to: "2012-10-26" },
    ],
  ])("a streak %s", async (_, uid, longest_, pause) => {
    expect(await rowOf(uid)).toMatchObject({ longest: longest_, pause });
  });

  test("a streak is running until the forum has posts two days later, in Berlin", async () => {
    const { sql } = small.database;
    const running = { days: 1, from: "2020-01-06", to: "2020-01-06" };
    expect((await small.json("/api/streaks?order_by=running&nocache")).rows).toMatchObject([
      { user: { uid: 1 }, running },
    ]);
    for (const [pid, time, expected] of [
      [901, "2020-01-07T22:59:59Z", running],
      [902, "2020-01-07T23:00:00Z", null],
    ] as const) {
      await insertPost(sql, { pid, tid: 1, poster_uid: 2, timestamp: new Date(time), revision: 2 ** 30 });
      await reanalyze(small.database);
      expect((await rowOf(1)).running).toEqual(expected);
      const { rows } = await small.json("/api/streaks?order_by=running&nocache");
      expect(rows.map(({ user }: Row) => user.uid)).toEqual(expected ? [1, 2] : [2]);
    }
  });
});
