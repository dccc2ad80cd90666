import { afterAll, beforeAll, expect, test } from "bun:test";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

test("lists boards with posts, ordered by bid; threads count in the year in which they were created", async () => {
  for (const year of [undefined, 2003, 2004, 2006, 2009]) {
    const rows = naive.boards(server.forum, year);
    expect(await server.json(`/api/boards${year ? `?year=${year}` : ""}`)).toEqual({ rows });
  }
  expect(naive.boards(server.forum).map(({ bid }) => bid)).toEqual([2, 14, 53]);
  expect(await server.json("/api/boards?year=0")).toEqual({ rows: naive.boards(server.forum) });
});

test("years without posts have no boards", async () => {
  expect(await server.json("/api/boards?year=2008")).toEqual({ rows: [] });
  expect(await server.json("/api/boards?year=9999")).toEqual({ rows: [] });
});
