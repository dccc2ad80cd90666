/** The rules about threads, each on a few posts whose numbers can be computed by hand. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { tinyForum } from "../testing/tiny-forum.ts";
import { testServer, type TestServer } from "../testing/server.ts";

const noon = (day: string) => `${day}T12:00:00Z`;
const unix = (time: string) => Date.parse(time) / 1000;
const quoting = (pid: number, count = 1) => ({
  quotes: [{ pid, count }],
  content: `[quote=1,${pid},"jemand"]x[/quote]`.repeat(count),
});

/** In thread 1 the first post is the first by time, then pid, whatever the thread says. */
function makeForum() {
  const forum = tinyForum([
    { pid: 13, uid: 2, time: noon("2012-02-28") },
    { pid: 11, uid: 1, time: noon("2012-02-28") },
    { pid: 12, uid: 1, time: noon("2012-02-29"), ...quoting(11, 2) },
    { pid: 15, uid: 3, time: noon("2012-03-01"), hidden: true, ...quoting(11) },
    { pid: 14, uid: 2, time: noon("2012-03-02"), gone: true },
    // A monologue on another board that quotes the first thread and itself.
    { pid: 21, tid: 2, bid: 2, uid: 3, time: noon("2013-05-01"), ...quoting(14) },
    { pid: 22, tid: 2, bid: 2, uid: 3, time: "2013-05-01T12:01:40Z", ...quoting(21) },
    // Replies after 100 and 300 seconds.
    { pid: 31, tid: 3, bid: 2, uid: 1, time: noon("2012-06-01") },
    { pid: 32, tid: 3, bid: 2, uid: 2, time: "2012-06-01T12:01:40Z" },
    { pid: 41, tid: 4, bid: 2, uid: 1, time: noon("2013-06-01") },
    { pid: 42, tid: 4, bid: 2, uid: 1, time: "2013-06-01T12:02:00Z" },
    { pid: 43, tid: 4, bid: 2, uid: 2, time: "2013-06-01T12:05:00Z" },
    // The year begins in Berlin, not yet in UTC.
    { pid: 51, tid: 5, bid: 2, uid: 4, time: "2012-12-31T23:30:00Z" },
  ]);
  // Without posts, and of no known board.
  forum.threads.push({ tid: 6, bid: 1, title: "Leer", subtitle: "" }, { tid: 7, bid: null, title: "", subtitle: "" });
  forum.posts.push({ ...forum.posts[0]!, pid: 71, tid: 7, bid: null });
  forum.users.push({ uid: 9, stored: "Stumm", name: "Stumm", aliases: [] });
  return forum;
}

let server: TestServer;
beforeAll(async () => {
  server = await testServer({}, makeForum());
});
afterAll(() => server.stop());

const user = (uid: number) => ({ name: `Nutzer ${uid}`, uid, aliases: [] });
const day_s = 86_400;

test("one thread: order, durations, the earliest of equal silences and days, quotes from anywhere", async () => {
  const first = { pid: 11, tid: 1, timestamp: unix(noon("2012-02-28")), user: user(1) };
  const last = { pid: 14, tid: 1, timestamp: unix(noon("2012-03-02")), user: user(2) };
  expect(await server.json("/api/thread?tid=1")).toMatchObject({
    thread: { tid: 1, title: "Thema 1", subtitle: "" },
    bid: 1,
    board: "Brett 1",
    user: user(1),
    post_count: 5,
    participants: 3,
    first,
    last,
    first_reply_s: 0,
    lifetime_s: 3 * day_s,
    half_life_s: day_s,
    longest_silence_s: day_s,
    silence_ended_by: { pid: 12 },
    busiest_day: { day: "2012-02-28", post_count: 2 },
    times_quoted: 4,
    per: "day",
    timeline: [
      { from: "2012-02-28", post_count: 2 },
      { from: "2012-02-29", post_count: 1 },
      { from: "2012-03-01", post_count: 1 },
      { from: "2012-03-02", post_count: 1 },
    ],
    users: [
      { user: user(1), post_count: 2 },
      { user: user(2), post_count: 2 },
      { user: user(3), post_count: 1 },
    ],
    most_quoted: [
      { post: first, quoted_count: 2 },
      { post: last, quoted_count: 1 },
    ],
    series: null,
  });
});

test("a monologue has no reply, and two posts live for the time between them", async () => {
  expect(await server.json("/api/thread?tid=2")).toMatchObject({
    participants: 1,
    first_reply_s: null,
    lifetime_s: 100,
    half_life_s: 0,
    longest_silence_s: 100,
    silence_ended_by: { pid: 22 },
    times_quoted: 1,
    most_quoted: [{ post: { pid: 21 }, quoted_count: 1 }],
  });
  expect(await server.json("/api/thread?tid=5")).toMatchObject({
    post_count: 1,
    first_reply_s: null,
    lifetime_s: 0,
    half_life_s: 0,
    longest_silence_s: null,
    silence_ended_by: null,
    first: { pid: 51 },
    last: { pid: 51 },
    most_quoted: [],
  });
});

test("a thread without posts, and one whose only post is not counted", async () => {
  const nothing = { user: null, post_count: 0, first: null, lifetime_s: null, busiest_day: null, users: [] };
  expect(await server.json("/api/thread?tid=6")).toMatchObject({ bid: 1, board: "Brett 1", ...nothing });
  expect(await server.json("/api/thread?tid=7")).toMatchObject({
    thread: { tid: 7, title: "", subtitle: "" },
    bid: null,
    board: null,
    ...nothing,
  });
  const { rows } = await server.json("/api/threads");
  expect(rows.map(({ thread }: { thread: { tid: number } }) => thread.tid)).toEqual([1, 4, 2, 3, 5]);
});

test("replies per opening year: nearest ranks, NULL of none, the year of the forum's zone", async () => {
  const none = { first_reply_p50_s: null, first_reply_p90_s: null };
  const of2012 = { threads: 1, unanswered: 0, first_reply_p50_s: 100, first_reply_p90_s: 100 };
  const of2013 = { threads: 3, unanswered: 2, first_reply_p50_s: 300, first_reply_p90_s: 300 };
  expect(await server.json("/api/thread-replies?bid=2")).toEqual({
    rows: [
      { year: 2012, ...of2012, lifetime_p50_s: 100, lifetime_p90_s: 100 },
      { year: 2013, ...of2013, lifetime_p50_s: 100, lifetime_p90_s: 300 },
    ],
    total: {
      threads: 4,
      unanswered: 2,
      first_reply_p50_s: 100,
      first_reply_p90_s: 300,
      lifetime_p50_s: 100,
      lifetime_p90_s: 300,
    },
  });
  expect((await server.json("/api/thread-replies")).total).toMatchObject({
    threads: 5,
    unanswered: 2,
    // 0, 100 and 300 seconds.
    first_reply_p50_s: 100,
    first_reply_p90_s: 300,
  });
  const nothing = { threads: 0, unanswered: 0, ...none, lifetime_p50_s: null, lifetime_p90_s: null };
  for (const query of ["year=2011", "bid=99", "year=2012&bid=99"])
    expect(await server.json(`/api/thread-replies?${query}`)).toEqual({ rows: [], total: nothing });
});

describe("the list of threads", () => {
  const tids = async (query: string) =>
    (await server.json(`/api/threads?${query}`)).rows.map(({ thread }: { thread: { tid: number } }) => thread.tid);

  test.each([
    ["order_by=participants", [1, 3, 4, 2, 5]],
    ["order_by=participants&order=asc", [2, 5, 3, 4, 1]],
    // Threads 2 and 5 have no reply, thread 5 no silence.
    ["order_by=first_reply_s", [4, 3, 1]],
    ["order_by=first_reply_s&order=asc", [1, 3, 4]],
    ["order_by=longest_silence_s", [1, 4, 2, 3]],
    ["order_by=longest_silence_s&order=asc", [2, 3, 4, 1]],
    ["order_by=opened&year=2013", [4, 2, 5]],
    ["order_by=opened&bid=1", [1]],
    ["order_by=times_quoted&order=asc", [3, 4, 5, 2, 1]],
    ["year=2011", []],
    ["bid=99", []],
    // Pages that begin within ties, at no value that a row has, or at a row that is gone.
    ["order_by=participants&following_tid=3&following_ob=2", [4, 2, 5]],
    ["order_by=participants&following_tid=4&following_ob=2", [2, 5]],
    ["order_by=participants&order=asc&following_tid=2&following_ob=1", [5, 3, 4, 1]],
    ["order_by=participants&following_tid=999&following_ob=2.5", [3, 4, 2, 5]],
    ["order_by=participants&following_tid=0&following_ob=1", [2, 5]],
    ["order_by=first_reply_s&following_tid=4&following_ob=300", [3, 1]],
    ["order_by=longest_silence_s&order=asc&following_tid=2&following_ob=100", [3, 4, 1]],
  ])("%s", async (query, expected) => {
    expect(await tids(query)).toEqual(expected);
  });

  test("`next` is there only when there is a further row, and carries the selection", async () => {
    const page = await server.json("/api/threads?bid=2&order_by=participants&limit=2");
    expect(page.rows).toHaveLength(2);
    expect(page.next).toBe(
      "/api/threads?bid=2&order_by=participants&order=desc&limit=2&following_tid=4&following_ob=2",
    );
    expect(await server.json(page.next)).not.toHaveProperty("next");
    expect(await server.json("/api/threads?limit=5")).not.toHaveProperty("next");
    expect(await server.json("/api/threads?limit=4")).toHaveProperty("next");
  });

  test("as CSV", async () => {
    const response = await server.ask("/api/threads?order_by=opened&limit=2&csv");
    expect(await response.text()).toBe(
      [
        "tid,title,subtitle,bid,uid,name,opened,post_count,participants,first_reply_s,lifetime_s,half_life_s,longest_silence_s,times_quoted",
        `4,Thema 4,,2,1,Nutzer 1,${unix(noon("2013-06-01"))},3,2,300,300,120,180,0`,
        `2,Thema 2,,2,3,Nutzer 3,${unix(noon("2013-05-01"))},2,1,,100,0,100,1`,
        "",
      ].join("\r\n"),
    );
  });
});

test("a user's threads: posts, then tid; first and last post of the user; of one board", async () => {
  const { rows } = await server.json("/api/user-threads?uid=2");
  expect(rows).toMatchObject([
    { thread: { tid: 1 }, bid: 1, post_count: 2, first: { pid: 13 }, last: { pid: 14 } },
    { thread: { tid: 3 }, bid: 2, post_count: 1, first: { pid: 32 }, last: { pid: 32 } },
    { thread: { tid: 4 }, bid: 2, post_count: 1, first: { pid: 43 }, last: { pid: 43 } },
  ]);
  expect((await server.json("/api/user-threads?uid=2&bid=2&limit=1")).rows).toMatchObject([{ thread: { tid: 3 } }]);
  for (const query of ["uid=9", "uid=2&bid=99"])
    expect(await server.json(`/api/user-threads?${query}`)).toEqual({ rows: [] });
});

test.each([
  "/api/thread",
  "/api/thread?tid=",
  "/api/thread?tid=99",
  "/api/thread?tid=-1",
  "/api/threads?order_by=tid",
  "/api/threads?following_tid=1",
  "/api/threads?following_ob=1",
  "/api/threads?following_tid=1&following_ob=x",
  "/api/threads?limit=0",
  "/api/threads?year=x",
  "/api/thread-replies?bid=x",
  "/api/user-threads",
  "/api/user-threads?uid=99",
])("%s is an error", async (path) => {
  const response = await server.ask(path);
  expect([response.status, await response.json()]).toEqual([400, { error: expect.any(String) }]);
});
