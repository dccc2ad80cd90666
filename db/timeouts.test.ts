/** Timeouts set for a role, for a database or in a URL do not apply: commands have none, and the server sets its own. */
import { afterAll, describe, expect, test } from "bun:test";
import { runCommand } from "@potstats/cli/testing/command";
import { connect } from "./connect.ts";
import { withLock } from "./locks.ts";
import { startPgBouncer } from "./testing/pgbouncer.ts";
import { testDatabase } from "./testing/database.ts";

const database = await testDatabase();
const name = new URL(database.url).pathname.slice(1);
const timeouts = await database.sql<{ name: string }[]>`
  select name from pg_settings where name ~ '^(statement|lock|idle_in_transaction_session|idle_session|transaction)_timeout$'`;
for (const timeout of timeouts) await database.sql.unsafe(`alter database ${name} set ${timeout.name} to '150ms'`);

const [pooler, ignoringPooler] = await Promise.all([
  startPgBouncer(database.url, { pool_mode: "session" }),
  startPgBouncer(database.url, { pool_mode: "session", ignore_startup_parameters: "statement_timeout,options" }),
]);
afterAll(async () => {
  await Promise.all([pooler.stop(), ignoringPooler.stop()]);
  await database.drop();
});

describe.each([
  ["directly", database.url],
  ["directly, with a timeout in the URL", `${database.url}?statement_timeout=100`],
  ["through a pooler in session mode", `${pooler.url}?lock_timeout=100`],
  ["through a pooler that ignores startup parameters", `${ignoringPooler.url}?statement_timeout=100`],
])("%s", (_, url) => {
  test("long statements, transactions and pauses are not canceled", async () => {
    const sql = connect(url, { max: 2 });
    await withLock(sql, "analyze", async () => {
      await sql.begin(async (transaction) => {
        await transaction`select pg_sleep(0.3)`;
        await Bun.sleep(300);
        await transaction`select 1`;
      });
      const reserved = await sql.reserve();
      expect((await reserved`select current_setting('statement_timeout') as timeout`)[0]).toEqual({ timeout: "0" });
      reserved.release();
      await Bun.sleep(300);
      await sql`select 1`;
    });
    await sql.end();
  });

  test("a pool's timeout applies to each of its connections", async () => {
    const sql = connect(url, { max: 3, statement_timeout_ms: 400 });
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => sql`select pg_sleep(20)`.catch((error: { code: string }) => error.code)),
    );
    expect(outcomes).toEqual(["57014", "57014", "57014"]);
    expect((await sql`select 1 as one`)[0]).toEqual({ one: 1 });
    await sql.end();
  });
});

test("a connection whose setup fails reports PostgreSQL's reason, and the next query tries again", async () => {
  const sql = connect(database.url, { max: 1, statement_timeout_ms: -5 });
  for (let attempt = 0; attempt < 2; attempt++) {
    const error = (await sql`select 1`.catch((reason: unknown) => reason)) as Error;
    expect(error.message).toContain("statement_timeout");
  }
  await sql.end({ timeout: 1 });
});

test("a timeout of 10 ms set for the database does not affect commands", async () => {
  const impatient = await testDatabase();
  try {
    await impatient.sql.unsafe(
      `alter database ${new URL(impatient.url).pathname.slice(1)} set statement_timeout = '10ms'`,
    );
    const { exitCode, stderr } = await runCommand(["db/main.ts", "status"], { DATABASE_URL: impatient.url });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  } finally {
    await impatient.drop();
  }
});
