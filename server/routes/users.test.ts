import { afterAll, beforeAll, expect, test } from "bun:test";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const matches = async (q: string, more = "") => {
  const { rows } = await server.json(`/api/users?${new URLSearchParams({ q })}${more}`);
  return rows as { User: { uid: number }; post_count: number }[];
};
const uids = async (q: string, more = "") => (await matches(q, more)).map(({ User }) => User.uid);

test("matches prefixes of names and aliases, case-insensitive: an exact match first, then by posts", async () => {
  const posts = (uid: number) => naive.userNumbers(server.forum, uid, {})?.post_count ?? 0;
  const karls = [5, 9].toSorted((a, b) => posts(b) - posts(a) || a - b);
  expect(await uids("karl")).toEqual(karls);
  expect(await uids("KARL DER")).toEqual([9]);
  expect(await uids("ruhe")).toEqual([31]);
  expect(await uids("ärg")).toEqual([31]);
  expect(await uids("Œ")).toEqual([12]);
  expect(await uids(" tapir ")).toEqual([3]);
  expect(await uids("schweig")).toEqual([999]);
  const numbered = await matches("nutzer 1", "&limit=100");
  expect(numbered.map(({ User }) => User.uid).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 40 }, (_, at) => 100 + at),
  );
  expect(numbered).toEqual(numbered.toSorted((a, b) => b.post_count - a.post_count || a.User.uid - b.User.uid));
  for (const { User, post_count } of numbered) expect(post_count).toBe(posts(User.uid));
  // A smaller limit returns the beginning of the same list.
  for (const limit of [1, 7, 20, 39])
    expect(await matches("nutzer 1", `&limit=${limit}`)).toEqual(numbered.slice(0, limit));
  expect(await uids("nutzer 1")).toHaveLength(20);
  expect((await uids("nutzer 105"))[0]).toBe(105);
});

test("wildcards of LIKE are literal", async () => {
  expect(await uids("%")).toEqual([22]);
  expect(await uids("%_\\")).toEqual([22]);
  expect(await uids("_")).toEqual([]);
  expect(await uids("'")).toEqual([]);
  expect(await uids("o'neil")).toEqual([21]);
});

test("an empty prefix matches no users", async () => {
  expect(await uids("")).toEqual([]);
  expect(await uids("  ")).toEqual([]);
  expect(await uids("xyz")).toEqual([]);
});

test("with many matches: an exact match first, then users by posts, then users without posts", async () => {
  const { sql } = server.database;
  for (const [prefix, first, active] of [
    ["menge", 10_000, 200],
    ["masse", 20_000, 5],
  ] as const) {
    // The exact match has no posts.
    await sql`
      insert into baked.users (uid, name, name_lower, aliases)
      select ${first}::int + n, name, name, '[]' from generate_series(0, 350) n,
        lateral (select ${prefix}::text || case when n = 0 then '' else n::text end as name) named`;
    await sql`
      insert into baked.poster_stats (year, bid, uid, post_count, post_level, edit_count, posts_length, avg_post_length, threads_created, quoted_count, quotes_count)
      select 0, 0, ${first}::int + n, n % 7 + 1, 0, 0, 0, 0, 0, 0, 0 from generate_series(1, ${active}::int) n`;
    const posts = (n: number) => (n > 0 && n <= active ? (n % 7) + 1 : 0);
    const expected = Array.from({ length: 351 }, (_, n) => n)
      .toSorted((a, b) => Number(b === 0) - Number(a === 0) || posts(b) - posts(a) || a - b)
      .map((n) => first + n);
    for (const limit of [1, 20, 100])
      expect([prefix, limit, await uids(prefix, `&limit=${limit}`)]).toEqual([prefix, limit, expected.slice(0, limit)]);
  }
});
