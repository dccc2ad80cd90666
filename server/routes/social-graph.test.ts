import { afterAll, beforeAll, expect, test } from "bun:test";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

test("edges are ordered by count, then quoter, then quoted user; intensity is relative to the strongest edge", async () => {
  for (const year of [undefined, 2004, 2005, 2006, 2008, 2009]) {
    const rows = naive.socialGraph(server.forum, year);
    expect(await server.json(`/api/social-graph${year ? `?year=${year}` : ""}`)).toEqual({ rows });
    if (rows.length > 0) expect(rows[0]).toMatchObject({ intensity: 1 });
  }
  const all = naive.socialGraph(server.forum);
  expect(all.some(({ from, to }) => from.uid === to.uid)).toBe(true);
  expect(new Set(all.map(({ count }) => count)).size).toBeLessThan(all.length);
});

test("limit keeps the strongest edges", async () => {
  const all = naive.socialGraph(server.forum);
  for (const limit of [1, 10]) {
    expect(await server.json(`/api/social-graph?limit=${limit}`)).toEqual({ rows: all.slice(0, limit) });
  }
});

test("a year without quotes has no edges", async () => {
  expect(await server.json("/api/social-graph?year=1999")).toEqual({ rows: [] });
});
