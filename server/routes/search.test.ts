import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "@potstats/db/connect";
import { createSearch } from "@potstats/search/search";
import { createApp } from "../app.ts";
import { index, origin, testServer, timezone, type TestServer } from "../testing/server.ts";
import { counted, userOf } from "../testing/naive.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await index(server.database);
});
afterAll(() => server.stop());

const searched = (query: Record<string, string>) => server.json(`/api/search?${new URLSearchParams(query)}`);

/** Searchable posts that contain the word outside of quotes. */
const saying = (word: string) =>
  server.forum.posts.filter(
    ({ content, hidden, gone, uid, time }) =>
      content.replaceAll(/\[quote.*?\[\/quote\]/g, "").includes(word) &&
      !hidden &&
      !gone &&
      uid !== null &&
      time !== null,
  );

test("post hits have potstats2's fields and the new ones", async () => {
  const answer = await searched({ content: "Dampfer", type: "post", limit: "100" });
  const expected = saying("Dampfer");
  expect(answer).toEqual({
    count: expected.length,
    count_is_exact: true,
    type: "post",
    elapsed: expect.any(Number),
    engine: "postgres",
    understood: { content: "Dampfer", parts: [{ kind: "prefix", text: "Dampfer", content: "Dampfer" }] },
    results: expect.any(Array),
  });
  const users = new Map(server.forum.users.map((user) => [user.uid, user]));
  for (const hit of answer.results) {
    const post = expected.find(({ pid }) => pid === hit.pid)!;
    const thread = server.forum.threads.find(({ tid }) => tid === post.tid)!;
    expect(hit).toEqual({
      score: expect.any(Number),
      pid: post.pid,
      poster_uid: post.uid,
      snippet: expect.stringContaining("<strong>Dampfer</strong>"),
      user: userOf(users.get(post.uid!)!),
      thread: { tid: thread.tid, title: thread.title, subtitle: thread.subtitle },
      timestamp: post.time!.getTime() / 1000,
      bid: post.bid,
      board: post.bid === null ? null : server.forum.boards.find(({ bid }) => bid === post.bid)!.name,
    });
  }
});

test("thread hits have potstats2's fields and the new ones", async () => {
  const answer = await searched({ content: "Nebel", type: "thread" });
  const titled = server.forum.threads.filter(({ title }) => title.startsWith("Nebel"));
  expect(answer).toMatchObject({ type: "thread", count: titled.length, engine: "postgres" });
  for (const hit of answer.results) {
    const thread = titled.find(({ tid }) => tid === hit.tid)!;
    expect(hit).toEqual({
      score: expect.any(Number),
      tid: thread.tid,
      title: thread.title,
      subtitle: thread.subtitle,
      title_html: thread.title.replace("Nebel", "<strong>Nebel</strong>"),
      subtitle_html: thread.subtitle,
      bid: thread.bid,
      board: thread.bid === null ? null : server.forum.boards.find(({ bid }) => bid === thread.bid)!.name,
      user:
        hit.user === null ? null : { name: expect.any(String), uid: expect.any(Number), aliases: expect.any(Array) },
      timestamp: hit.timestamp === null ? null : expect.any(Number),
      post_count: server.forum.posts.filter(({ tid }) => tid === thread.tid).length,
      tags: [],
    });
  }
});

test("following next_offset in pages of thirty visits every hit once, in every sort order", async () => {
  const expected = saying("Wal");
  expect(expected.length).toBeGreaterThan(40);
  for (const sort of ["score", "date-asc", "date-desc"]) {
    const pids: number[] = [];
    let offset: number | undefined = 0;
    while (offset !== undefined) {
      const page = await searched({ content: "Wal ", type: "post", sort, offset: String(offset) });
      expect(page.count).toBe(expected.length);
      pids.push(...page.results.map(({ pid }: { pid: number }) => pid));
      if (page.next_offset !== undefined) expect(page.results).toHaveLength(30);
      offset = page.next_offset;
    }
    expect(pids.toSorted((a, b) => a - b)).toEqual(expected.map(({ pid }) => pid));
    if (sort === "date-asc") expect(pids).toEqual(pids.toSorted((a, b) => a - b));
    if (sort === "date-desc") expect(pids).toEqual(pids.toSorted((a, b) => b - a));
  }
  expect((await searched({ content: "Wal ", type: "post", offset: "10000" })).results).toEqual([]);
});

test("when sorting by date, `next` visits every hit; the error for too large an offset mentions it", async () => {
  for (const sort of ["date-asc", "date-desc"]) {
    const pids: number[] = [];
    let next: number | undefined;
    do {
      const page: { count: number; results: { pid: number }[]; next?: number } = await searched({
        content: "Wal ",
        type: "post",
        sort,
        ...(next ? { next: String(next) } : {}),
      });
      expect(page.count).toBe(saying("Wal").length);
      pids.push(...page.results.map(({ pid }) => pid));
      next = page.next;
      if (next !== undefined) expect(next).toBe(pids.at(-1)!);
    } while (next !== undefined);
    const expected = saying("Wal").map(({ pid }) => pid);
    expect(pids).toEqual(sort === "date-asc" ? expected : expected.toReversed());
  }
  expect((await searched({ content: "Wal ", type: "post" })).next).toBeUndefined();
  const far = await server.ask("/api/search?content=Wal&type=post&sort=date-asc&offset=10001");
  expect([far.status, await far.json()]).toEqual([
    400,
    {
      error:
        "parameter offset must be a whole number from 0 to 10000; to go further, sort by date (sort=date-desc or sort=date-asc) and follow `next`",
    },
  ]);
});

test("for too many words or filters, or `next` when sorting by score, the error says what is allowed", async () => {
  const words = Array.from({ length: 33 }, (_, n) => `wort${n}`).join("+");
  const users = Array.from({ length: 9 }, (_, n) => `user:u${n}`).join("+");
  for (const [query, error] of [
    [`content=${words}`, /\b32\b.*\b33\b/],
    [`content=${users}`, /\b8\b.*user:.*\b9\b/],
    ["content=Wal&next=7", /next .*sort=date-desc or sort=date-asc.*offset/],
  ] as const) {
    const response = await server.ask(`/api/search?type=post&${query}`);
    expect([response.status, await response.json()]).toEqual([400, { error: expect.stringMatching(error) }]);
  }
  const once = await searched({ content: "has:image Wal ", type: "post" });
  const often = await searched({ content: "has:image ".repeat(45) + "Wal ", type: "post" });
  expect({ ...often, elapsed: 0 }).toEqual({ ...once, elapsed: 0 });
});

test("each filter parameter narrows the hits", async () => {
  const posts = new Map(counted(server.forum).map((post) => [post.pid, post]));
  const all = saying("Wal").flatMap(({ pid }) => posts.get(pid) ?? []);
  const pids = async (filter: Record<string, string>) =>
    (await searched({ content: "Wal ", type: "post", limit: "100", ...filter })).results
      .map(({ pid }: { pid: number }) => pid)
      .toSorted((a: number, b: number) => a - b);
  const expected = (keep: (post: (typeof all)[number]) => boolean) => all.filter(keep).map(({ pid }) => pid);
  const { uid } = all[0]!;
  expect(await pids({ uid: String(uid) })).toEqual(expected((post) => post.uid === uid));
  expect(await pids({ user: "karl" })).toEqual(expected((post) => post.uid === 5 || post.uid === 9));
  expect(await pids({ bid: "14" })).toEqual(expected((post) => post.bid === 14));
  expect(await pids({ board: "Technik" })).toEqual(expected((post) => post.bid === 53));
  expect(await pids({ year: "2006" })).toEqual(expected((post) => post.year === 2006));
  expect(await pids({ before: "2006", bid: "14" })).toEqual(expected((post) => post.year < 2006 && post.bid === 14));
  expect(await pids({ after: "2006-07", bid: "14" })).toEqual(
    expected((post) => post.day >= "2006-07-01" && post.bid === 14),
  );
  expect(await pids({ has: "image" })).toEqual(expected((post) => post.links.some(({ type }) => type === "image")));
});

test('0 and "" mean no filter, but uid 0 is a user who does not exist', async () => {
  const plain = await searched({ content: "Wal ", type: "post" });
  const open = await searched({
    content: "Wal ",
    type: "post",
    year: "0",
    bid: "0",
    has: "",
    user: "",
    board: "",
    before: "",
    after: "",
  });
  expect({ ...open, elapsed: 0 }).toEqual({ ...plain, elapsed: 0 });
  expect((await searched({ content: "Wal ", type: "post", uid: "0" })).results).toEqual([]);
});

test("facets count all hits", async () => {
  const { facets, count } = await searched({ content: "Regenwald", type: "post", facets: "" });
  expect(facets.years.reduce((sum: number, { count: n }: { count: number }) => sum + n, 0)).toBe(count);
  expect(facets.boards[0]).toEqual({ bid: expect.any(Number), name: expect.any(String), count: expect.any(Number) });
  expect(facets.users[0]).toEqual({ uid: expect.any(Number), name: expect.any(String), count: expect.any(Number) });
  expect((await searched({ content: "Regenwald", type: "post" })).facets).toBeUndefined();
});

test("disjunctive facets count other boards, years and users as well", async () => {
  const posts = new Map(counted(server.forum).map((post) => [post.pid, post]));
  const all = saying("Wal").flatMap(({ pid }) => posts.get(pid) ?? []);
  const facetsOf = async (query: Record<string, string>) =>
    (await searched({ content: "Wal ", type: "post", facets: "", disjunctive: "", ...query })).facets;
  const inYear = all.filter(({ year }) => year === 2006);
  const inBoard = all.filter(({ bid }) => bid === 14);
  const { boards, years } = await facetsOf({ bid: "14", year: "2006" });
  for (const { bid, count } of boards) expect(inYear.filter((post) => post.bid === bid)).toHaveLength(count);
  for (const { year, count } of years) expect(inBoard.filter((post) => post.year === year)).toHaveLength(count);
  expect([boards.length, years.length]).toEqual([
    new Set([14, ...inYear.flatMap(({ bid }) => bid ?? [])]).size,
    new Set([2006, ...inBoard.map(({ year }) => year)]).size,
  ]);
  expect((await facetsOf({ year: "1999" })).years).toContainEqual({ year: 1999, count: 0 });
});

test("group=thread gives the best hit of each thread; an empty value does not group", async () => {
  const expected = saying("Wal");
  const tids = [...new Set(expected.map(({ tid }) => tid))];
  const found: number[] = [];
  let offset: number | undefined = 0;
  while (offset !== undefined) {
    const page = await searched({ content: "Wal ", type: "post", group: "thread", limit: "7", offset: String(offset) });
    expect(page.count).toBe(expected.length);
    for (const { thread, thread_count } of page.results) {
      expect(expected.filter(({ tid }) => tid === thread.tid)).toHaveLength(thread_count);
      found.push(thread.tid);
    }
    offset = page.next_offset;
  }
  expect(found.toSorted((a, b) => a - b)).toEqual(tids.toSorted((a, b) => a - b));
  const open = await searched({ content: "Wal ", type: "post", group: "" });
  expect({ ...open, elapsed: 0 }).toEqual({ ...(await searched({ content: "Wal ", type: "post" })), elapsed: 0 });
  for (const query of ["group=post", "group=thread&next=1&sort=date-desc"])
    expect((await server.ask(`/api/search?content=Wal&type=post&${query}`)).status).toBe(400);
});

test("users whose name is part of the query, and filters that are still being typed, are recognized", async () => {
  const { authors } = await searched({ content: "Regenwald karl ", type: "post" });
  expect(authors).toEqual([
    {
      uid: expect.any(Number),
      name: expect.stringMatching(/^karl$/i),
      count: expect.any(Number),
      content: expect.any(String),
    },
  ]);
  expect(await searched({ content: authors[0].content, type: "post" })).toMatchObject({
    understood: { parts: [{ kind: "word", text: "Regenwald" }, { kind: "user" }] },
  });
  expect(await searched({ content: "Regenwald user:kar", type: "post" })).toMatchObject({
    unknown_filter: "user:kar",
    is_completing: true,
  });
});

test("passages of a post, or 404", async () => {
  const [{ pid } = { pid: 0 }] = saying("Dampfer");
  const passages = await server.json(`/api/search/passages?content=Dampfer&pid=${pid}`);
  expect(passages).toEqual({ passages: [expect.stringContaining("<strong>Dampfer</strong>")] });
  expect(await server.json(`/api/search/passages?content=user%3Akarl&pid=${pid}`)).toEqual({ passages: [] });
  const hidden = server.forum.posts.find((post) => post.hidden)!;
  for (const wanted of [hidden.pid, 0, 2 ** 31 - 1]) {
    const response = await server.ask(`/api/search/passages?content=Dampfer&pid=${wanted}`);
    expect([response.status, response.headers.get("Cache-Control"), await response.json()]).toEqual([
      404,
      "no-store",
      { error: "there is no such post, or it is not searchable" },
    ]);
  }
  const words = Array.from({ length: 33 }, (_, n) => `wort${n}`).join("+");
  expect((await server.ask(`/api/search/passages?content=${words}&pid=${pid}`)).status).toBe(400);
});

test("a range of years narrows the period down", async () => {
  const days = new Map(counted(server.forum).map(({ pid, day }) => [pid, day]));
  const found = async (query: Record<string, string>) => {
    const { results } = await searched({ content: "Dampfer", type: "post", limit: "100", ...query });
    const pids: number[] = results.map(({ pid }: { pid: number }) => pid);
    // Of posts without a board, the day is not computed here.
    return pids.filter((pid) => days.has(pid)).toSorted();
  };
  const posted = (from: string, to: string) =>
    saying("Dampfer")
      .filter(({ pid, bid }) => bid !== null && days.get(pid)! >= from && days.get(pid)! < to)
      .map(({ pid }) => pid)
      .toSorted();
  const inBoard = { content: "Dampfer board:Laberecke" };
  expect(await found({ year: "2004-2006" })).toEqual(posted("2004", "2007"));
  expect(await found({ year: "2004-2006", after: "2006-05" })).toEqual(posted("2006-05", "2007"));
  expect(await found({ year: "2004-2006", after: "2003", before: "2006-05-07" })).toEqual(posted("2004", "2006-05-07"));
  expect(await found({ year: "2004-2006", before: "2010-1" })).toEqual(posted("2004", "2007"));
  expect(await found({ year: "2004-2006", after: "2003-1-1", before: "2006-5" })).toEqual(posted("2004", "2006-05"));
  expect(await found({ year: "2004-9999" })).toEqual(posted("2004", "9999"));
  expect(await found({ ...inBoard, year: "2010-2012" })).toEqual([]);
  for (const before of ["x", "2013-99", "0000"])
    expect(await searched({ content: "Dampfer", type: "post", year: "2004-2006", before })).toMatchObject({
      count: 0,
      unknown_filter: `before:${before}`,
    });
});

test("completes the filter at the caret", async () => {
  const completed = (query: Record<string, string>) =>
    server.json(`/api/search/complete?${new URLSearchParams(query)}`);
  expect(await completed({ content: "Wal board:tech x", type: "post", at: "14" })).toEqual({
    filter: "board",
    from: 4,
    to: 14,
    values: [{ value: "Technik", text: "Technik", count: expect.any(Number), content: "Wal board:Technik x" }],
  });
  expect(await completed({ content: "Wal", type: "thread" })).toEqual({ filter: null, from: 3, to: 3, values: [] });
  expect((await completed({ content: "user:", type: "post" })).values).toHaveLength(8);
  for (const query of ["content=x", "type=post", "content=x&type=post&at=501", "content=x&type=post&at=-1"])
    expect((await server.ask(`/api/search/complete?${query}`)).status).toBe(400);
});

test("an empty search has no hits; an unknown filter is named", async () => {
  expect(await searched({ content: "", type: "post" })).toMatchObject({ count: 0, results: [], type: "post" });
  expect(await searched({ content: "user:niemand", type: "post" })).toMatchObject({
    count: 0,
    results: [],
    unknown_filter: "user:niemand",
  });
  expect(await searched({ content: "tag:x", type: "post" })).toMatchObject({
    count: 0,
    results: [],
    unknown_filter: "tag:x",
  });
});

test("invalid searches are rejected", async () => {
  for (const query of [
    "content=x",
    "type=post",
    "content=x&type=user",
    "content=x&type=post&sort=newest",
    "content=x&type=post&limit=101",
    "content=x&type=post&limit=0",
    "content=x&type=post&offset=-1",
    "content=x&type=post&sort=date-asc&next=x",
    "content=x&type=post&year=10000",
    "content=x&type=post&has=sound",
    "content=%00&type=post",
    `content=${"x".repeat(501)}&type=post`,
  ]) {
    const response = await server.ask(`/api/search?${query}`);
    expect([query, response.status, await response.json()]).toEqual([query, 400, { error: expect.any(String) }]);
  }
  for (const content of ["x".repeat(500), "q ".repeat(250), '"'.repeat(500), "'&|!():*<->\\"])
    expect(await searched({ content, type: "post", limit: "100" })).toMatchObject({ count: 0, results: [] });
  expect((await searched({ content: "-q ".repeat(166), type: "post" })).results).toHaveLength(30);
});

test("without Meilisearch, PostgreSQL searches, and the response says so; without both the status is 503", async () => {
  const { sql } = server.database;
  const meili = { url: "http://127.0.0.1:1", key: undefined };
  const app = createApp({ ...server.options, search: createSearch({ sql, meili, timezone }) });
  const path = "/api/search?content=Dampfer&type=post";
  const answer = await app.fetch(new Request(origin + path));
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.json()).toMatchObject({ engine: "postgres", count: saying("Dampfer").length });

  const gone = connect("postgres://nobody@127.0.0.1:1/nothing", { max: 1, name: "test" });
  const nothing = createApp({ ...server.options, search: createSearch({ sql: gone, meili, timezone }) });
  for (const target of [path, "/api/search/suggest?q=d"]) {
    const failure = await nothing.fetch(new Request(origin + target));
    expect([failure.status, failure.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await failure.json()).toEqual({ error: "the database cannot be reached at the moment" });
  }
  await gone.end({ timeout: 1 });
});

test("suggests users, boards and threads whose name starts with the input", async () => {
  const { rows } = await server.json("/api/search/suggest?q=kar");
  expect(rows).toContainEqual({ type: "user", id: 5, text: "Karl" });
  expect(rows).toContainEqual({ type: "user", id: 9, text: "kARL" });
  expect((await server.json("/api/search/suggest?q=tech")).rows).toContainEqual({
    type: "board",
    id: 53,
    text: "Technik",
  });
  expect((await server.json("/api/search/suggest?q=nebel")).rows[0]).toMatchObject({
    type: "thread",
    text: expect.stringMatching(/^Nebel/),
  });
  expect((await server.json("/api/search/suggest?q=")).rows).toEqual([]);
  expect((await server.json("/api/search/suggest?q=n")).rows.length).toBeLessThanOrEqual(8);
});
