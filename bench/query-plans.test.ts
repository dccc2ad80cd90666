import { afterAll, beforeAll, expect, test } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { checkLookups } from "./query-plans.ts";
import { SyntheticForum } from "./synthetic.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await new SyntheticForum(60_000).fill(database.sql);
  await analyze({ sql: database.sql, timezone: "Europe/Berlin", forumUrl: "http://forum.example", full: true });
}, 120_000);
afterAll(() => database?.drop());

test("every selection is an index lookup", async () => {
  const { problems, requests, statements } = await checkLookups(database.sql);
  expect(problems).toEqual([]);
  expect(requests).toBeGreaterThan(500);
  expect(statements).toBeGreaterThan(200);
}, 120_000);
