import { afterAll, beforeAll, expect, test } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { checkQueryPlans } from "./query-plans.ts";
import { ClusteredForum } from "./clustered.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await new ClusteredForum(60_000).load(database.sql);
  await analyze({ sql: database.sql, timezone: "Europe/Berlin", forumUrl: "http://forum.example", full: true });
}, 120_000);
afterAll(() => database?.drop());

test("every statement of the API is an index lookup", async () => {
  const { problems, requests, statements } = await checkQueryPlans(database.sql);
  expect(problems).toEqual([]);
  expect(requests).toBeGreaterThan(500);
  expect(statements).toBeGreaterThan(200);
}, 240_000);
