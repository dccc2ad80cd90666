/** What `bun run db status` says. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { insertThread, testDatabase } from "./testing/database.ts";

test("shows the least recent check of a thread, and how many threads were never checked", async () => {
  const { sql, url, drop } = await testDatabase();
  const said = async () => {
    const child = Bun.spawn([process.execPath, join(import.meta.dirname, "main.ts"), "status"], {
      env: { ...process.env, DATABASE_URL: url },
      stdout: "pipe",
    });
    return new Response(child.stdout).text();
  };
  try {
    expect(await said()).not.toContain("check");
    for (const tid of [1, 2, 3]) await insertThread(sql, tid, {});
    expect(await said()).toContain("the patrol has not checked 3 threads yet");
    await sql`update threads set checked_at = now() at time zone 'UTC' - tid * interval '49 hours' where tid < 3`;
    expect(await said()).toContain(
      "the least recent check of a thread was 4 days ago\nthe patrol has not checked 1 threads yet",
    );
  } finally {
    await drop();
  }
}, 20_000);
