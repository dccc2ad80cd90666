/** When the server closes a connection, its queries fail, but never the process (postgres.js #1208; see patches/). */
import { expect, test } from "bun:test";
import { connect } from "./connect.ts";
import { testDatabase } from "./testing/database.ts";

test("each query on a closed reserved connection fails", async () => {
  const database = await testDatabase();
  const sql = connect(database.url, { max: 2 });
  try {
    const reserved = await sql.reserve();
    const [backend] = await reserved<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await database.sql`select pg_terminate_backend(${backend?.pid ?? 0})`;
    for (let query = 0; query < 3; query++) {
      await reserved`select 1`.catch((error: { code?: string }) =>
        expect(error.code).toMatch(/CONNECTION|ECONNRESET|57P01/),
      );
    }
    reserved.release();
    // The pool notices with its next query.
    await sql`select 1`.catch(() => {});
    expect([...(await sql`select 1 as one`)]).toEqual([{ one: 1 }]);
  } finally {
    await sql.end({ timeout: 1 });
    await database.drop();
  }
});
