/** The database to adopt is named by a URL, which holds a password. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { runCommand } from "@potstats/cli/testing/command";
import { testDatabase, type TestDatabase } from "./testing/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const adopt = (url: string) =>
  runCommand(["db/main.ts", "adopt", "--from", url], { DATABASE_URL: database.url, NO_COLOR: "1" });

test("an invalid URL is refused without being printed", async () => {
  const { exitCode, stdout, stderr } = await adopt("postgres://u:100%geheim@h/x");
  expect(stdout + stderr).not.toContain("geheim");
  expect(stderr).toContain("'--from <url>' is invalid: a percent sign in the URL must be written as %25");
  expect(exitCode).toBe(2);
});

test("a URL with a driver, as in potstats2's settings, is connected to", async () => {
  // Nothing listens on this port.
  const { exitCode, stdout, stderr } = await adopt("postgresql+psycopg2://potstats2:geheim@127.0.0.1:9/potstats2");
  expect(stdout + stderr).not.toContain("geheim");
  expect(stderr).toContain("ECONNREFUSED");
  expect(exitCode).toBe(1);
});
