import { afterAll, beforeAll, expect, test } from "bun:test";
import { queryOf } from "../testing/examples.ts";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const columns = [
  "post_count",
  "edit_count",
  "avg_post_length",
  "threads_created",
  "quoted_count",
  "quotes_count",
] as const;
const orders = ["desc", "asc"] as const;

/** The posts of a selection. */
const postsOf = (selection: naive.Selection) => naive.select(naive.counted(server.forum), selection).length;

test("lists every user with posts in the selection, most posts first", async () => {
  for (const selection of [{}, { year: 2006 }, { bid: 14 }, { year: 2004, bid: 2 }]) {
    expect(await server.json(`/api/poster-stats?${queryOf(selection)}`)).toEqual({
      rows: naive.posterStats(server.forum, selection, "post_count", "desc"),
      post_count: postsOf(selection),
    });
  }
});

test("users with fewer posts than `min_posts` are left out, on every page", async () => {
  for (const selection of [{}, { year: 2006 }]) {
    for (const order of orders) {
      const all = naive.posterStats(server.forum, selection, "avg_post_length", order);
      const enough = all.filter(({ post_count }) => post_count >= 4);
      expect(enough.length).toBeGreaterThan(3);
      expect(enough.length).toBeLessThan(all.length);
      const rows: unknown[] = [];
      let next: string | undefined =
        `/api/poster-stats?${queryOf(selection)}&order_by=avg_post_length&order=${order}&min_posts=4&limit=2`;
      while (next !== undefined) {
        const page = await server.json(next);
        expect(page.post_count).toBe(postsOf(selection));
        rows.push(...page.rows);
        next = page.next;
      }
      expect(rows).toEqual(enough);
    }
  }
});

test("names are repaired, aliases are listed", async () => {
  const { rows } = await server.json("/api/poster-stats");
  const users = rows.map((row: { User: unknown }) => row.User);
  expect(users).toContainEqual({ name: "œuvre", uid: 12, aliases: [] });
  expect(users).toContainEqual({ name: "kARL", uid: 9, aliases: ["Karl der Käfer"] });
  expect(users).not.toContainEqual(expect.objectContaining({ uid: 999 }));
});

test("following `next` visits every user once, for every sort column, both orders and several page sizes", async () => {
  for (const order_by of columns) {
    for (const order of orders) {
      const expected = naive.posterStats(server.forum, {}, order_by, order);
      expect(new Set(expected.map((row) => row[order_by])).size, `${order_by} has ties`).toBeLessThan(expected.length);
      for (const limit of [1, 7, expected.length - 1]) {
        const rows: unknown[] = [];
        let next: string | undefined = `/api/poster-stats?order_by=${order_by}&order=${order}&limit=${limit}`;
        while (next !== undefined) {
          const page = await server.json(next);
          rows.push(...page.rows);
          next = page.next;
          if (next !== undefined) expect(page.rows).toHaveLength(limit);
        }
        expect(rows).toEqual(expected);
      }
    }
  }
});

test("`next` keeps the selection", async () => {
  const rows: unknown[] = [];
  let next: string | undefined = "/api/poster-stats?year=2006&bid=14&limit=2";
  while (next !== undefined) {
    expect(next).toContain("year=2006");
    expect(next).toContain("bid=14");
    const page = await server.json(next);
    rows.push(...page.rows);
    next = page.next;
  }
  expect(rows).toEqual(naive.posterStats(server.forum, { year: 2006, bid: 14 }, "post_count", "desc"));
});

test("the last page has no `next`", async () => {
  const all = naive.posterStats(server.forum, {}, "post_count", "desc");
  for (const limit of [all.length, all.length + 1, 10_000]) {
    expect(await server.json(`/api/poster-stats?limit=${limit}`)).toEqual({ rows: all, post_count: postsOf({}) });
  }
  expect(await server.json("/api/poster-stats?year=2008")).toEqual({ rows: [], post_count: 0 });
  expect(await server.json("/api/poster-stats?bid=60")).toEqual({ rows: [], post_count: 0 });
});

test("following_ob may be fractional, negative or larger than any count", async () => {
  const all = naive.posterStats(server.forum, {}, "post_count", "desc");
  const some = all[5]!.post_count;
  const rows = async (order: string, value: string) =>
    (await server.json(`/api/poster-stats?order=${order}&following_uid=0&following_ob=${value}`)).rows;
  expect(await rows("desc", `${some}.5`)).toEqual(all.filter((row) => row.post_count <= some));
  const ascending = naive.posterStats(server.forum, {}, "post_count", "asc");
  expect(await rows("asc", `${some}.5`)).toEqual(ascending.filter((row) => row.post_count > some));
  expect(await rows("asc", `${some}.0`)).toEqual(ascending.filter((row) => row.post_count >= some));
  expect(await rows("desc", "999999999999999")).toEqual(all);
  expect(await rows("asc", "999999999999999")).toEqual([]);
  expect(await rows("asc", "-999999999999999.5")).toEqual(ascending);
  expect(await rows("desc", "-1")).toEqual([]);
});

test("following_uid and following_ob must be given together", async () => {
  for (const query of ["following_uid=3", "following_ob=3"]) {
    const response = await server.ask(`/api/poster-stats?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: expect.stringContaining("following_uid and following_ob must be given together"),
    });
  }
});
