import { afterAll, beforeAll, expect, test } from "bun:test";
import { queryOf } from "../testing/examples.ts";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const selections = [
  {},
  { bid: 2 },
  { bid: 53 },
  { year: 2004 },
  { year: 2006, bid: 14 },
  { year: 2008 },
  { bid: 60 },
  { year: 2004, bid: 1 },
];

test("weekdays are strings, Monday first", async () => {
  for (const selection of selections) {
    expect(await server.json(`/api/weekday-stats?${queryOf(selection)}`)).toEqual({
      rows: naive.weekdays(server.forum, selection),
    });
  }
  const { rows } = await server.json("/api/weekday-stats");
  expect(rows.map((row: { weekday: unknown }) => row.weekday)).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
});

test("year 0 and bid 0 mean no filter", async () => {
  const path = "/api/weekday-stats";
  expect(await server.json(`${path}?year=0&bid=0`)).toEqual(await server.json(path));
});
