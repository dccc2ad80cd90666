/** All records of nine posts around New Year, found by hand. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { tinyForum } from "../testing/tiny-forum.ts";
import { testServer, type TestServer } from "../testing/server.ts";

const link = (domain: string) => ({ type: "link" as const, domain, count: 1 });
/** 58 and 66 characters. */
const twoQuotes = `[quote=1,2,"jemand"]x[/quote][quote=1,3,"jemand"]y[/quote]`;
const twoImages = "[img]http://a.example/x.png[/img]".repeat(2);

/** 2019-12-30 is a Monday. Thread 1 is on board 1, thread 2 on board 2. Times are UTC, an hour behind Berlin. */
const forum = tinyForum([
  { uid: 1, time: "2019-12-30T10:00:00Z" },
  { uid: 2, time: "2019-12-30T11:00:00Z" },
  { uid: 1, time: "2019-12-31T10:00:00Z", content: "xx" },
  { uid: 1, time: "2020-01-01T10:00:00Z", content: twoQuotes, quotes: [2, 3].map((pid) => ({ pid, count: 1 })) },
  {
    uid: 2,
    tid: 2,
    bid: 2,
    time: "2020-01-03T10:00:00Z",
    content: "[url]http://a.example[/url]",
    links: [link("a.example")],
  },
  {
    uid: 1,
    tid: 2,
    bid: 2,
    time: "2020-01-04T10:00:00Z",
    content: `[quote=1,2,"jemand"]x[/quote]`,
    quotes: [{ pid: 2, count: 1 }],
  },
  { uid: 1, time: "2020-01-04T11:00:00Z" },
  {
    uid: 2,
    time: "2020-01-04T12:00:00Z",
    content: twoImages,
    links: [{ type: "image", domain: "a.example", count: 2 }],
  },
  { uid: 2, tid: 2, bid: 2, time: "2020-01-04T12:30:00Z" },
]);

let server: TestServer;
beforeAll(async () => {
  server = await testServer({}, forum);
});
afterAll(() => server.stop());

interface Entry {
  value: number;
  day: string;
  user: { uid: number } | null;
  thread: { tid: number } | null;
  post: { pid: number } | null;
}

/** Each history as [value, day, uid, pid]. */
async function historiesOf(bid: number): Promise<Record<string, unknown[][]>> {
  const { rows } = (await server.json(`/api/records?bid=${bid}`)) as { rows: { record: string; history: Entry[] }[] };
  return Object.fromEntries(
    rows.map(({ record, history }) => [
      record,
      history.map(({ value, day, user, post }) => [
        value,
        day,
        ...[user?.uid, post?.pid].filter((id) => id !== undefined),
      ]),
    ]),
  );
}

const [hour_s, day_s] = [3600, 86_400];

/** What all boards have. */
const ofAllBoards = {
  busiest_day: [
    [2, "2019-12-30"],
    [4, "2020-01-04"],
  ],
  // Over New Year.
  busiest_week: [[9, "2019-12-30"]],
  busiest_month: [
    [3, "2019-12-01"],
    [6, "2020-01-01"],
  ],
  busiest_year: [
    [3, "2019-01-01"],
    [6, "2020-01-01"],
  ],
  // Equalled on the last day, not broken.
  most_people: [[2, "2019-12-30"]],
  // Of equal users the lower uid.
  user_day: [
    [1, "2019-12-30", 1],
    [2, "2020-01-04", 1],
  ],
  user_week: [[5, "2019-12-30", 1]],
  user_month: [
    [2, "2019-12-01", 1],
    [3, "2020-01-01", 1],
  ],
  user_year: [
    [2, "2019-01-01", 1],
    [3, "2020-01-01", 1],
  ],
  // The other user's streak of a day began on the same day.
  longest_streak: [[3, "2019-12-30", 1]],
  longest_pause: [[3, "2020-01-03", 2]],
  longest_post: [
    [1, "2019-12-30", 1, 1],
    [2, "2019-12-31", 1, 3],
    [58, "2020-01-01", 1, 4],
    [66, "2020-01-04", 2, 8],
  ],
  most_quoted_post: [[2, "2019-12-30", 2, 2]],
  most_links: [
    [1, "2020-01-03", 2, 5],
    [2, "2020-01-04", 2, 8],
  ],
  most_quotes: [[2, "2020-01-01", 1, 4]],
  largest_thread: [[6, "2019-12-30", 1, 1]],
  most_participants: [[2, "2019-12-30", 1, 1]],
  // The third post came exactly a day later.
  fastest_thread: [[2, "2019-12-30", 1, 1]],
  longest_silence: [
    [hour_s, "2019-12-30", 2, 2],
    [23 * hour_s, "2019-12-31", 1, 3],
    [day_s, "2020-01-01", 1, 4],
    [3 * day_s + hour_s, "2020-01-04", 1, 7],
  ],
  most_boards: [
    [1, "2019-12-30", 1],
    [2, "2020-01-04", 1],
  ],
};

test("of all boards", async () => expect(await historiesOf(0)).toEqual(ofAllBoards));

test("of a board: its posts alone, quoted from anywhere; three records are left out", async () => {
  const { most_quoted_post, longest_silence, busiest_day, most_people, largest_thread, ...others } =
    await historiesOf(1);
  expect({ most_quoted_post, busiest_day, most_people, largest_thread }).toEqual({
    most_quoted_post: [[2, "2019-12-30", 2, 2]],
    busiest_day: [[2, "2019-12-30"]],
    most_people: [[2, "2019-12-30"]],
    largest_thread: [[6, "2019-12-30", 1, 1]],
  });
  expect(longest_silence).toHaveLength(4);
  for (const name of ["longest_streak", "longest_pause", "most_boards"]) expect(others).not.toHaveProperty(name);
  expect(await historiesOf(2)).toMatchObject({
    busiest_day: [
      [1, "2020-01-03"],
      [2, "2020-01-04"],
    ],
    most_quoted_post: [],
    most_quotes: [[1, "2020-01-04", 1, 6]],
    longest_silence: [[day_s, "2020-01-04", 1, 6]],
    fastest_thread: [[1, "2020-01-03", 2, 5]],
  });
});

describe("what an entry shows", () => {
  const entry = async (name: string) => {
    const { rows } = (await server.json("/api/records")) as { rows: { record: string; history: Entry[] }[] };
    return rows.find(({ record }) => record === name)?.history.at(-1);
  };
  const user = (uid: number) => ({ name: `Nutzer ${uid}`, uid, aliases: [] });

  test("a day has neither user nor post, a user's record no post", async () => {
    expect(await entry("busiest_day")).toEqual({ value: 4, day: "2020-01-04", user: null, thread: null, post: null });
    expect(await entry("longest_pause")).toEqual({
      value: 3,
      day: "2020-01-03",
      user: user(2),
      thread: null,
      post: null,
    });
  });

  test("a post's record has the post, its thread and its poster", async () => {
    const timestamp = Date.parse("2020-01-04T11:00:00Z") / 1000;
    expect(await entry("longest_silence")).toEqual({
      value: 3 * day_s + hour_s,
      day: "2020-01-04",
      user: user(1),
      thread: { tid: 1, title: "Thema 1", subtitle: "" },
      post: { pid: 7, tid: 1, timestamp, user: user(1) },
    } as unknown as Entry);
  });
});

test("milestones: the first post, of the forum and of each board", async () => {
  const milestones = async (bid: number) =>
    (await server.json(`/api/records?bid=${bid}`)).milestones.map(
      ({ number, post }: { number: number; post: { pid: number } }) => [number, post.pid],
    );
  expect(await milestones(0)).toEqual([[1, 1]]);
  expect(await milestones(2)).toEqual([[1, 5]]);
  expect(await milestones(99)).toEqual([]);
});

test("the latest week: the seven days before the last one, and the record that was set last", async () => {
  expect(await server.json("/api/news")).toMatchObject({
    from: "2019-12-28",
    to: "2020-01-03",
    week: { post_count: 5, active_users: 2, threads_created: 2 },
    before: { post_count: 0, active_users: 0, threads_created: 0 },
    places: [
      { user: { uid: 1 }, post_count: 3, place: 1, before: null },
      { user: { uid: 2 }, post_count: 2, place: 2, before: null },
    ],
    record: { record: "busiest_day", value: 4, day: "2020-01-04" },
    next_milestone: { number: 10, missing: 1 },
  });
});

test("a day in all years has its own quotes, threads and milestones", async () => {
  expect(await server.json("/api/on-this-day?date=12-30")).toMatchObject({
    date: "12-30",
    rows: [
      {
        year: 2019,
        post_count: 2,
        active_users: 2,
        busiest_thread: { thread: { tid: 1 }, post_count: 2 },
        most_quoted: { post: { pid: 2 }, quoted_count: 2 },
      },
    ],
    registered: [],
    milestones: [{ number: 1, post: { pid: 1 } }],
  });
  // Two threads with two posts each: the lower tid.
  expect((await server.json("/api/on-this-day?date=01-04")).rows).toMatchObject([
    { year: 2020, post_count: 4, busiest_thread: { thread: { tid: 1 }, post_count: 2 }, most_quoted: null },
  ]);
  expect(await server.json("/api/on-this-day?date=12-30&bid=2")).toEqual({
    date: "12-30",
    rows: [],
    registered: [],
    milestones: [],
  });
  expect((await server.json("/api/on-this-day?date=02-29")).rows).toEqual([]);
});
