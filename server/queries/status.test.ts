import { expect, test } from "bun:test";
import { insertThread, testDatabase } from "@potstats/db/testing/database";
import { readStatus } from "./status.ts";

test("the oldest check belongs to the thread checked longest ago; it is null while any thread was never checked", async () => {
  const { sql, drop } = await testDatabase();
  try {
    expect(await readStatus(sql)).toMatchObject({ oldest_check_at: null });
    for (const tid of [1, 2, 3]) await insertThread(sql, tid, {});
    await sql`update threads set checked_at = timestamp '2026-05-04 03:02:01' + tid * interval '1 day' where tid < 3`;
    expect(await readStatus(sql)).toMatchObject({ oldest_check_at: null });
    await sql`update threads set checked_at = '2026-06-01' where tid = 3`;
    expect(await readStatus(sql)).toMatchObject({ oldest_check_at: "2026-05-05T03:02:01.000Z" });
  } finally {
    await drop();
  }
});
