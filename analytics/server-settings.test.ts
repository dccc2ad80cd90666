import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { adviceFor, readServerSettings, type ServerSettings } from "./server-settings.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const debian: ServerSettings = { wal_level: "replica", isLogNeeded: false };

test("says name, value and a better value of a setting that costs more than a tenth", () => {
  const advice = adviceFor(debian, 1_000_000);
  expect(advice).toContain("wal_level is replica");
  expect(advice).toContain("minimal");
  expect(advice).not.toContain("\n");
});

test("says nothing for a small forum, for a good value, or where replicas or archives need the log", () => {
  expect(adviceFor(debian, 100_000)).toBeUndefined();
  expect(adviceFor({ ...debian, wal_level: "minimal" }, 1_000_000)).toBeUndefined();
  expect(adviceFor({ ...debian, isLogNeeded: true }, 1_000_000)).toBeUndefined();
});

test("reads what the server uses; a slot of a replica needs the log", async () => {
  const { sql } = database;
  const [{ wal_level } = {}] = await sql`select setting as wal_level from pg_settings where name = 'wal_level'`;
  const settings = await readServerSettings(sql);
  expect(settings.wal_level).toBe(wal_level as string);
  const [{ slots } = {}] = await sql`select count(*) as slots from pg_replication_slots`;
  expect(settings.isLogNeeded).toBe(slots > 0);
});
