/** What `bun run db status` says. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { insertThread, testDatabase } from "./testing/database.ts";

test("how long ago the oldest look at a thread was, and how many there were none at", async () => {
  const { sql, url, drop } = await testDatabase();
  const said = async () => {
    const child = Bun.spawn([process.execPath, join(import.meta.dirname, "main.ts"), "status"], {
      env: { ...process.env, DATABASE_URL: url },
      stdout: "pipe",
    });
    return new Response(child.stdout).text();
  };
  try {
    expect(await said()).not.toContain("look");
    for (const tid of [1, 2, 3]) await insertThread(sql, tid, {});
    expect(await said()).toContain("3 threads were not looked at yet by the patrol");
    await sql`update threads set checked_at = now() at time zone 'UTC' - tid * interval '49 hours' where tid < 3`;
    expect(await said()).toContain("the oldest look at a thread was 4 days ago\n1 threads were not looked at yet");
  } finally {
    await drop();
  }
}, 20_000);
