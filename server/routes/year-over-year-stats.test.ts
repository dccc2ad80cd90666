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

test("lists years with posts, ascending, with the selection's distinct users", async () => {
  for (const selection of selections) {
    expect(await server.json(`/api/year-over-year-stats?${queryOf(selection)}`)).toEqual({
      rows: naive.years(server.forum, selection),
    });
  }
  // A post shortly before midnight UTC belongs to the next year in Berlin.
  expect(naive.years(server.forum, {}).map(({ year }) => year)).toEqual([2004, 2005, 2006, 2009]);
});

test("year 0 and bid 0 mean no filter", async () => {
  const path = "/api/year-over-year-stats";
  expect(await server.json(`${path}?year=0&bid=0`)).toEqual(await server.json(path));
});
