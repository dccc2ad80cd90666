/** Every command and the server through real PgBouncers: session mode suffices, other modes are refused before anything happens. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readUntil, runCommand, startCommand } from "@potstats/cli/testing/command";
import { until } from "@potstats/cli/testing/until";
import { connect } from "@potstats/db/connect";
import { refuseTransactionPooler } from "@potstats/db/checks/pooler";
import { startPgBouncer } from "@potstats/db/testing/pgbouncer";
import { testDatabase } from "@potstats/db/testing/database";
import { createForum } from "@potstats/simulator/forum";

const [database, other] = await Promise.all([testDatabase(), testDatabase()]);
const [transactions, roundRobin, statements, sessions, small] = await Promise.all([
  startPgBouncer(database.url, { pool_mode: "transaction" }),
  startPgBouncer(database.url, { pool_mode: "transaction", server_round_robin: 1, min_pool_size: 2 }),
  startPgBouncer(database.url, { pool_mode: "statement" }),
  // Without the reset query, everything that a client leaves behind in the session stays.
  startPgBouncer(database.url, { pool_mode: "session", server_reset_query: "" }),
  startPgBouncer(other.url, { pool_mode: "session", default_pool_size: 4 }),
]);
const forum = createForum({ seed: 9, posts: 1000, years: 1 });
const site = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
const folder = mkdtempSync(join(tmpdir(), "poolers-"));
afterAll(async () => {
  await Promise.all([transactions, roundRobin, statements, sessions, small].map((pooler) => pooler.stop()));
  await site.stop(true);
  await starved;
  await Promise.all([database.drop(), other.drop()]);
  rmSync(folder, { recursive: true });
});

async function run(command: string, url: string): Promise<{ exitCode: number; output: string }> {
  const { exitCode, stdout, stderr } = await runCommand(command.split(" "), {
    DATABASE_URL: url,
    DATA_DIR: folder,
    FORUM_URL: site.url.origin,
    PROFILES_URL: site.url.origin,
    REQUEST_DELAY: "0",
    PORT: "0",
  });
  return { exitCode, output: stdout + stderr };
}

/** Waits ten seconds for a connection, while the other tests run. */
const starved = run("analytics/main.ts --full", small.url);

test("a pooler in transaction mode is detected, whatever the order in which it assigns connections", async () => {
  for (let n = 0; n < 40; n++)
    expect(await refuseTransactionPooler(roundRobin.url).catch((error: Error) => error.message)).toContain(
      "in transaction mode",
    );
});

const commands = [
  "db/main.ts migrate",
  "db/main.ts status",
  "pipeline/db.ts forget 1 --yes",
  "crawler/main.ts --board all",
  "analytics/main.ts --full",
  "search/main.ts",
  "pipeline/update.ts",
  "server/main.ts",
];

const otherModes: [string, string][] = [
  ["transaction mode", transactions.url],
  ["transaction mode, with the parameters of hosted poolers", `${transactions.url}?pgbouncer=true&connection_limit=1`],
  ["statement mode", statements.url],
];

/** All commands detect it by the same function, so each is tried with one of the modes only. */
test.each([
  ...commands.map((command) => [command, "transaction mode, round-robin", roundRobin.url] as const),
  ...otherModes.map(([mode, url]) => ["db/main.ts status", mode, url] as const),
])("%s refuses a pooler in %s", async (command, _, url) => {
  const { exitCode, output } = await run(command, url);
  expect({ exitCode, lines: output.trim().split("\n") }).toEqual({
    exitCode: 1,
    lines: [
      "error: this database is behind a pooler in transaction mode: DATABASE_URL needs a direct connection, or a pooler in session mode",
    ],
  });
});

test("what refuses a pooler leaves no lock", async () => {
  expect(
    await database.sql`
      select 1 from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())`,
  ).toHaveLength(0);
});

test("detection leaves the pooler's connections unchanged", async () => {
  const client = connect(transactions.url, { max: 1 });
  Object.assign(client.options, { setup: "set statement_timeout = 4321" });
  await client`select 1`;
  await run("db/main.ts status", transactions.url);
  expect((await client`select current_setting('statement_timeout') as timeout`)[0]).toEqual({ timeout: "4321ms" });
  await client.end();
});

test("a pooler in transaction mode is detected while other clients use it", async () => {
  const clients = connect(transactions.url, { max: 6 });
  const busy = Promise.all(Array.from({ length: 300 }, () => clients.unsafe("select pg_sleep(0.005)")));
  expect((await run("db/main.ts status", transactions.url)).exitCode).toBe(1);
  await busy;
  await clients.end();
});

test("a pooler in session mode works for all commands", async () => {
  for (const command of commands.slice(0, -1).toSpliced(2, 1)) {
    const { exitCode, output } = await run(command, sessions.url);
    expect({ command, exitCode, output }).toMatchObject({ exitCode: 0 });
  }
  const [counts] = await database.sql`
    select (select count(*) from posts) > 200 as crawled, (select count(*) from search.posts) > 200 as indexed`;
  expect({ ...counts }).toEqual({ crawled: true, indexed: true });
});

test("a killed crawl leaves no lock in a pooler's session", async () => {
  const script = `
    import { connect } from "./connect.ts";
    import { withLock } from "./locks.ts";
    await withLock(connect(process.argv[1]), "crawl", async () => { console.log("held"); await Bun.sleep(60_000); });`;
  const child = startCommand(["-e", script, sessions.url], {}, { cwd: join(import.meta.dirname, "../db") });
  await readUntil(child.stdout, "held");
  const locks = () => database.sql`
      select 1 from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())`;
  expect(await locks()).toHaveLength(1);
  child.kill("SIGKILL");
  await until(async () => (await locks()).length === 0);
});

test("reports a pooler with fewer connections than analyze needs", async () => {
  expect(await starved).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining("connections"),
  });
});
