/** The output of `bun run db status`. */
import { expect, test } from "bun:test";
import { runCommand } from "@potstats/cli/testing/command";
import { insertThread, testDatabase } from "./testing/database.ts";

test("shows the least recent check of a thread, and how many threads were never checked", async () => {
  const { sql, url, drop } = await testDatabase();
  const status = async () => (await runCommand(["db/main.ts", "status"], { DATABASE_URL: url })).stdout;
  try {
    expect(await status()).not.toContain("check");
    for (const tid of [1, 2, 3]) await insertThread(sql, tid, {});
    expect(await status()).toContain("the patrol has not checked 3 threads yet");
    await sql`update threads set checked_at = now() at time zone 'UTC' - tid * interval '49 hours' where tid < 3`;
    expect(await status()).toContain(
      "the least recent check of a thread was 4 days ago\nthe patrol has not checked 1 threads yet",
    );
  } finally {
    await drop();
  }
}, 20_000);
