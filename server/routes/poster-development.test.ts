import { afterAll, beforeAll, expect, test } from "bun:test";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const zeros = {
  post_count: 0,
  edit_count: 0,
  threads_created: 0,
  quoted_count: 0,
  quotes_count: 0,
  avg_post_length: 0,
};

function expected(uid: number, bid?: number) {
  const user = naive.userOf(server.forum.users.find((candidate) => candidate.uid === uid)!);
  const years = [2003, 2004, 2005, 2006, 2007, 2008, 2009].map((year) => ({
    year,
    numbers: naive.userNumbers(server.forum, uid, { year, ...(bid ? { bid } : {}) }),
  }));
  const first = years.findIndex(({ numbers }) => numbers !== undefined);
  const last = years.findLastIndex(({ numbers }) => numbers !== undefined);
  const span = years.filter((_, at) => at >= first && at <= last && first !== -1);
  return {
    user,
    years: Object.fromEntries(span.map(({ year, numbers }) => [String(year), { year, ...(numbers ?? zeros) }])),
  };
}

test("lists each user's years, gaps filled with zeros", async () => {
  let gaps = 0;
  for (const { uid } of server.forum.users) {
    for (const bid of [undefined, 14]) {
      const answer = expected(uid, bid);
      gaps += Object.values(answer.years).filter(({ post_count }) => post_count === 0).length;
      expect(await server.json(`/api/poster-development?uid=${uid}${bid ? `&bid=${bid}` : ""}`)).toEqual(answer);
    }
  }
  expect(gaps).toBeGreaterThan(10);
});

test("a known user without posts has no years", async () => {
  expect(await server.json("/api/poster-development?uid=999")).toEqual({
    user: { name: "Schweigsam", uid: 999, aliases: [] },
    years: {},
  });
});

test("user= is case-insensitive and ignores aliases; the highest uid wins, and uid= overrides it", async () => {
  const uidOf = async (query: Record<string, string>) =>
    (await server.json(`/api/poster-development?${new URLSearchParams(query)}`)).user.uid;
  expect(await uidOf({ user: "karl" })).toBe(9);
  expect(await uidOf({ user: "ärger" })).toBe(31);
  expect(await uidOf({ user: "ŒUVRE" })).toBe(12);
  expect(await uidOf({ user: "%_\\" })).toBe(22);
  expect(await uidOf({ user: 'o\'neil "DER" <b>' })).toBe(21);
  expect(await uidOf({ user: "karl", uid: "5" })).toBe(5);
  for (const query of [{ user: "Ruhe" }, { user: "" }, { user: "Kar" }, { uid: "4711" }, { uid: "0" }] as Record<
    string,
    string
  >[]) {
    const response = await server.ask(`/api/poster-development?${new URLSearchParams(query)}`);
    expect([query, response.status, await response.json()]).toEqual([
      query,
      400,
      { error: expect.stringMatching(/^no user /) },
    ]);
  }
});

test("uid or user is required", async () => {
  const response = await server.ask("/api/poster-development");
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: expect.stringContaining("uid or user is required") });
});

test("csv with any value sends an attachment with one line per year, ending in CR LF", async () => {
  const columns = [
    "year",
    "post_count",
    "edit_count",
    "threads_created",
    "quoted_count",
    "quotes_count",
    "avg_post_length",
  ] as const;
  const { years } = expected(3);
  const lines = Object.values(years).map((row) => columns.map((column) => row[column]).join(","));
  for (const flag of ["csv", "csv=", "csv=0", "csv=ja"]) {
    const response = await server.ask(`/api/poster-development?uid=3&${flag}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("Content-Disposition")).toBe('attachment; filename="user-development-3.csv"');
    expect(await response.text()).toBe([columns.join(","), ...lines, ""].join("\r\n"));
  }
});
