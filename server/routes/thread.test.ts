import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ForumData } from "../testing/forum-data.ts";
import { postsOfUsers, postsPerDay, threadResponse } from "../testing/naive-threads.ts";
import { testServer, type TestServer } from "../testing/server.ts";

const nextDay = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

describe("in a forum of all kinds of posts", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server.stop());

  test("numbers, people, posts and quotes of every thread", async () => {
    for (let tid = 1; tid < 40; tid++) {
      const {
        per: _per,
        timeline: _timeline,
        stream: _stream,
        series: _series,
        ...rest
      } = await server.json(`/api/thread?tid=${tid}`);
      expect(rest).toEqual(threadResponse(server.forum, tid));
    }
  });

  test("the timeline has every day or month once, and all posts", async () => {
    for (let tid = 1; tid < 40; tid++) {
      const { per, timeline } = await server.json(`/api/thread?tid=${tid}`);
      const days = postsPerDay(server.forum, tid).toSorted((a, b) => (a.day < b.day ? -1 : 1));
      const [first, last] = [days[0]!.day, days.at(-1)!.day];
      const isDaily = Date.parse(last) - Date.parse(first) < 400 * 86_400_000;
      const periods = new Map<string, number>();
      for (let day = first; day <= last; day = nextDay(day)) periods.set(isDaily ? day : `${day.slice(0, 7)}-01`, 0);
      for (const { day, post_count } of days) {
        const from = isDaily ? day : `${day.slice(0, 7)}-01`;
        periods.set(from, periods.get(from)! + post_count);
      }
      expect([tid, per]).toEqual([tid, isDaily ? "day" : "month"]);
      expect(timeline).toEqual([...periods].map(([from, post_count]) => ({ from, post_count })));
    }
  });

  test("the stream has the posts of the six busiest for each period of the timeline", async () => {
    let largest = 0;
    for (let tid = 1; tid < 40; tid++) {
      const { per, timeline, stream, users } = await server.json(`/api/thread?tid=${tid}`);
      const uids = users.slice(0, 6).map(({ user }: { user: { uid: number } }) => user.uid);
      const posts = postsOfUsers(server.forum, tid);
      const periods = timeline.map(({ from }: { from: string }) => (per === "day" ? from : from.slice(0, 7)));
      expect(stream).toEqual(
        periods.map((period: string) => uids.map((uid: number) => posts.get(`${uid} ${period}`) ?? 0)),
      );
      largest = Math.max(largest, users.length);
    }
    expect(largest).toBeGreaterThan(6);
  });

  test("a thread without posts has zeros, nulls and empty lists", async () => {
    expect(await server.json("/api/thread?tid=40")).toEqual({
      thread: { tid: 40, title: expect.any(String), subtitle: "" },
      bid: null,
      board: null,
      user: null,
      post_count: 0,
      participants: 0,
      first: null,
      last: null,
      first_reply_s: null,
      lifetime_s: null,
      half_life_s: null,
      longest_silence_s: null,
      silence_ended_by: null,
      busiest_day: null,
      times_quoted: 0,
      per: "day",
      timeline: [],
      stream: [],
      users: [],
      most_quoted: [],
      series: null,
    });
  });

  test("an unknown, malformed or missing tid is an error", async () => {
    for (const query of ["?tid=4711", "?tid=x", ""]) {
      const response = await server.ask(`/api/thread${query}`);
      expect([query, response.status]).toEqual([query, 400]);
    }
    expect(await (await server.ask("/api/thread?tid=4711")).json()).toEqual({ error: "no thread has the id 4711" });
  });
});

/** A forum of threads with one post each, or as many as there are days. */
function forumOf(threads: { title: string; bid?: number; days: string[] }[]): ForumData {
  let pid = 1000;
  const posts = threads.flatMap(({ bid = 1, days }, at) =>
    days.map((day) => ({
      // Later posts have lower ids.
      pid: pid--,
      tid: at + 1,
      bid,
      uid: 1,
      time: new Date(`${day}T12:00:00Z`),
      edits: 0,
      content: "x",
      hidden: false,
      gone: false,
      quotes: [],
      links: [],
    })),
  );
  return {
    boards: [1, 2].map((bid) => ({ bid, name: `Brett ${bid}`, description: "" })),
    users: [{ uid: 1, stored: "Anna", name: "Anna", aliases: [] }],
    threads: threads.map(({ title, bid = 1 }, at) => ({ tid: at + 1, bid, title, subtitle: "" })),
    posts,
  };
}

describe("in a forum of series", () => {
  let server: TestServer;
  const kitchen = "Der große Kochthread";
  const threads = [
    { title: kitchen, days: ["2004-01-01"] },
    { title: "DER GROSSE KOCHTHREAD", days: ["2004-06-01"] },
    { title: `${kitchen} Teil 2`, days: ["2005-01-01"] },
    { title: "Der grosse Kochthread (#3)", days: ["2007-01-01", "2006-01-01"] },
    { title: kitchen, days: ["2007-06-01"] },
    { title: `${kitchen}, die Nr. III`, days: ["2008-01-01"] },
    { title: `${kitchen} 4`, bid: 2, days: ["2009-01-01"] },
    { title: "Witze Teil 2", days: ["2009-01-01"] },
    { title: "Witze Teil 3", days: ["2009-01-02"] },
    { title: `${kitchen} 5`, days: [] },
    { title: "Bilder&#115;ammlung 2", days: ["2009-01-01"] },
    { title: "Bildersammlung Vol. 1", days: ["2009-01-01"] },
    { title: "Nur einmal", days: ["2009-01-01"] },
    { title: "Nur einmal", days: ["2009-01-03"] },
  ];
  beforeAll(async () => {
    server = await testServer({}, forumOf(threads));
  });
  afterAll(() => server.stop());

  const place = async (tid: number) => {
    const { series } = await server.json(`/api/thread?tid=${tid}`);
    return series && [series.position, series.threads, series.previous?.tid ?? null, series.next?.tid ?? null];
  };

  test("parts are in the order of their first posts, after the latest thread without a number before them", async () => {
    expect(await Promise.all([2, 3, 4, 6].map(place))).toEqual([
      [1, 4, null, 3],
      [2, 4, 2, 4],
      [3, 4, 3, 6],
      [4, 4, 4, null],
    ]);
    const { series } = await server.json("/api/thread?tid=3");
    expect(series.previous).toEqual({ tid: 2, title: "DER GROSSE KOCHTHREAD", subtitle: "" });
    expect(series.next).toEqual({ tid: 4, title: "Der grosse Kochthread (#3)", subtitle: "" });
  });

  test("an earlier or later thread without a number is in no series", async () => {
    expect(await Promise.all([1, 5].map(place))).toEqual([null, null]);
  });

  test("nor is a part on another board, one with a short name, one without posts, or one alone", async () => {
    expect(await Promise.all([7, 8, 9, 10, 13, 14].map(place))).toEqual([null, null, null, null, null, null]);
  });

  test("titles are repaired first; at the same time the lower pid comes first", async () => {
    expect(await Promise.all([11, 12].map(place))).toEqual([
      [2, 2, 12, null],
      [1, 2, null, 11],
    ]);
  });
});

test("the timeline changes from days to months at 400 days; its last day is not the first's successor", async () => {
  const titles = [
    ["2011-01-01", "2012-02-04"],
    ["2011-01-01", "2012-02-05"],
    ["2012-02-29", "2012-02-29"],
  ];
  const server = await testServer({}, forumOf(titles.map((days) => ({ title: "x", days }))));
  const timelines = await Promise.all([1, 2, 3].map((tid) => server.json(`/api/thread?tid=${tid}`)));
  await server.stop();
  expect(timelines.map(({ per, timeline }) => [per, timeline.length])).toEqual([
    ["day", 400],
    ["month", 14],
    ["day", 1],
  ]);
  expect(timelines[1].timeline.at(-1)).toEqual({ from: "2012-02-01", post_count: 1 });
  expect(timelines[2].busiest_day).toEqual({ day: "2012-02-29", post_count: 2 });
});
