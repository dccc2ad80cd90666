import { afterAll, beforeAll, expect, test } from "bun:test";
import { makeForumData } from "../testing/forum-data.ts";
import { userThreads } from "../testing/naive-threads.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  const forum = makeForumData();
  // So that one user wrote in more threads than the default limit.
  for (let tid = 41; tid <= 60; tid++) {
    forum.threads.push({ tid, bid: 2, title: `Thema ${tid}`, subtitle: "" });
    forum.posts.push({ ...forum.posts[0]!, pid: 1000 + tid, tid, bid: 2, uid: 3, quotes: [], links: [] });
  }
  server = await testServer({}, forum);
});
afterAll(() => server.stop());

test("the threads in which a user wrote most, with the user's first and last post", async () => {
  for (const { uid } of server.forum.users) {
    const expected = userThreads(server.forum, uid);
    expect(await server.json(`/api/user-threads?uid=${uid}`)).toEqual({ rows: expected.slice(0, 20) });
    expect(await server.json(`/api/user-threads?uid=${uid}&limit=10000`)).toEqual({ rows: expected });
    expect(await server.json(`/api/user-threads?uid=${uid}&limit=3`)).toEqual({ rows: expected.slice(0, 3) });
  }
  expect(userThreads(server.forum, 3).length).toBeGreaterThan(20);
});

test("of one board", async () => {
  for (const bid of [2, 14, 53])
    expect(await server.json(`/api/user-threads?uid=3&bid=${bid}`)).toEqual({
      rows: userThreads(server.forum, 3, bid).slice(0, 20),
    });
  expect(await server.json("/api/user-threads?uid=3&bid=4711")).toEqual({ rows: [] });
});

test("a user without posts has none; an unknown one is an error, as is a missing one", async () => {
  expect(await server.json("/api/user-threads?uid=999")).toEqual({ rows: [] });
  for (const query of ["uid=4711", "", "uid=x", "uid=3&limit=0", "uid=3&bid=x"])
    expect((await server.ask(`/api/user-threads?${query}`)).status).toBe(400);
});
