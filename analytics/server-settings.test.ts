import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { adviceFor, readSettings } from "./server-settings.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const setting = (name: string, value: string, bytes: number | null = null) => ({ name, value, bytes });
const compressed = setting("wal_compression", "pglz");
const small = setting("max_wal_size", "128MB", 128 * 2 ** 20);

test("names each costly setting with its value and a better one, in one line", () => {
  expect(adviceFor([small, compressed], 1_000_000)).toBe(
    "PostgreSQL's settings make a full analysis slower: max_wal_size is 128MB, better 1GB; " +
      "wal_compression is pglz, better lz4 or off (docs/operations.md)",
  );
  expect(adviceFor([setting("wal_compression", "on")], 1_000_000)).toContain("wal_compression is on");
});

test("says nothing about a small forum, nor about settings that cost little", () => {
  expect(adviceFor([small, compressed], 100_000)).toBeUndefined();
  const debian = [setting("max_wal_size", "1GB", 2 ** 30), setting("wal_compression", "off")];
  expect(adviceFor(debian, 17_000_000)).toBeUndefined();
  expect(adviceFor([setting("wal_compression", "lz4")], 1_000_000)).toBeUndefined();
});

test("reads the server's own values, sizes in bytes", async () => {
  const { sql } = database;
  const settings = await readSettings(sql);
  expect(settings.map(({ name }) => name)).toEqual(["max_wal_size", "wal_compression"]);
  const [{ mb } = {}] = await sql`select setting::int as mb from pg_settings where name = 'max_wal_size'`;
  expect(settings[0]!.bytes).toBe(mb * 2 ** 20);
  expect(settings[1]!.bytes).toBeNull();
});

test("notices a setting that somebody changed", async () => {
  await database.sql.begin(async (transaction) => {
    await transaction.unsafe("set local wal_compression = pglz");
    expect(adviceFor(await readSettings(transaction), 1_000_000)).toContain("wal_compression is pglz");
  });
});
