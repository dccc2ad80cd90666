import { afterAll, beforeAll, expect, test } from "bun:test";
import { pairOf } from "../testing/naive-pair.ts";
import { testServer, type TestServer } from "../testing/server.ts";
import { tinyForum } from "../testing/tiny-forum.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

test("any two users, and the same the other way round", async () => {
  const uids = server.forum.users.map(({ uid }) => uid).filter((uid) => uid < 21 || uid === 999);
  let quoting = 0;
  for (const [at, uid] of uids.entries())
    for (const other of uids.slice(at + 1)) {
      const expected = pairOf(server.forum, uid, other);
      const answer = await server.json(`/api/pair?uid=${uid}&with=${other}`);
      expect([uid, other, answer]).toEqual([uid, other, expected]);
      const swapped = await server.json(`/api/pair?uid=${other}&with=${uid}`);
      expect([uid, other, swapped]).toEqual([uid, other, pairOf(server.forum, other, uid)]);
      expect(swapped).toMatchObject({ user: answer.with, with: answer.user, shared_threads: answer.shared_threads });
      if (answer.user.quotes > 0 && answer.with.quotes > 0) quoting++;
    }
  expect(quoting).toBeGreaterThan(0);
});

test("someone without posts shares nothing with anybody", async () => {
  expect(await server.json("/api/pair?uid=999&with=3")).toMatchObject({
    user: { user: { name: "Schweigsam" }, quotes: 0, place: null, first_quote: null, last_quote: null, hours: [] },
    with: { quotes: 0, place: null, first_quote: null, last_quote: null },
    years: [],
    boards: [],
    shared_threads: 0,
    threads: [],
  });
});

test("a missing, malformed or unknown user is an error, as is the same one twice", async () => {
  for (const query of ["", "uid=3", "with=3", "uid=3&with=3", "uid=3&with=x", "uid=4711&with=3", "uid=3&with=4711"])
    expect([query, (await server.ask(`/api/pair?${query}`)).status]).toEqual([query, 400]);
});

test("of several quotes in a post the lowest pid; equal places are shared; an own quote counts as a place", async () => {
  const quotes = (...pids: number[]) => ({ quotes: pids.map((pid) => ({ pid, count: 1 })) });
  const content = (...pids: number[]) => pids.map((pid) => `[quote=1,${pid},"x"]x[/quote]`).join("");
  const post = (uid: number, minute: number, ...pids: number[]) => ({
    uid,
    time: `2012-05-01T10:${String(minute).padStart(2, "0")}:00Z`,
    content: content(...pids) || "x",
    ...quotes(...pids),
  });
  // Pids 1 to 7; post 5 was written before post 4.
  const forum = tinyForum([
    post(1, 1),
    post(1, 2),
    post(3, 3),
    post(2, 20, 2, 1),
    post(2, 10, 2, 1, 3),
    post(2, 30, 5, 4, 1),
    post(1, 40, 6),
  ]);
  const small = await testServer({}, forum);
  try {
    const answer = await small.json("/api/pair?uid=2&with=1");
    expect(answer).toEqual(pairOf(forum, 2, 1));
    const { user, with: other } = answer;
    expect([user.quotes, user.place, other.quotes, other.place]).toEqual([5, 1, 1, 1]);
    const pids = ({ quoting, quoted }: { quoting: { pid: number }; quoted: { pid: number } }) => [
      quoting.pid,
      quoted.pid,
    ];
    expect([pids(user.first_quote), pids(user.last_quote)]).toEqual([
      [5, 1],
      [6, 1],
    ]);
    // User 2 quotes user 1 five times, itself twice, user 3 once.
    expect((await small.json("/api/pair?uid=3&with=2")).user.place).toBe(3);
  } finally {
    await small.stop();
  }
});

test("only ten of the shared threads are listed, by the smaller number of posts, then by tid", async () => {
  const tids = Array.from({ length: 12 }, (_, at) => at + 1);
  const post = (uid: number, tid: number) => ({ uid, tid, bid: 1 + (tid % 2), time: "2012-05-01T10:00:00Z" });
  // Each wrote twice in thread 9, but only the one in thread 3.
  const posts = tids.flatMap((tid) => [post(1, tid), post(2, tid)]);
  const forum = tinyForum([...posts, post(1, 9), post(2, 9), post(1, 3), post(1, 20), post(2, 21)]);
  const small = await testServer({}, forum);
  try {
    const { shared_threads, threads } = await small.json("/api/pair?uid=1&with=2");
    expect(shared_threads).toBe(12);
    const order = threads.map(({ thread }: { thread: { tid: number } }) => thread.tid);
    expect(order).toEqual([9, 1, 2, 3, 4, 5, 6, 7, 8, 10]);
    expect(threads[3]).toEqual({ thread: { tid: 3, title: "Thema 3", subtitle: "" }, user: 2, with: 1 });
  } finally {
    await small.stop();
  }
});
