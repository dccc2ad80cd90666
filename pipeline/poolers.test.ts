/** Every command and the server through real PgBouncers: sessions are all they need, less is refused before anything happens. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@potstats/db/connect";
import { refuseTransactionPooler } from "@potstats/db/checks/pooler";
import { startPgBouncer } from "@potstats/db/testing/pgbouncer";
import { testDatabase } from "@potstats/db/testing/database";
import { createForum } from "@potstats/simulator/forum";

const root = join(import.meta.dirname, "..");
const database = await testDatabase();
const [transactions, inTurn, statements, sessions, four] = await Promise.all([
  startPgBouncer(database.url, { pool_mode: "transaction" }),
  startPgBouncer(database.url, { pool_mode: "transaction", server_round_robin: 1, min_pool_size: 2 }),
  startPgBouncer(database.url, { pool_mode: "statement" }),
  // Without its reset query: what a client leaves behind in the session stays.
  startPgBouncer(database.url, { pool_mode: "session", server_reset_query: "" }),
  startPgBouncer(database.url, { pool_mode: "session", default_pool_size: 4 }),
]);
const forum = createForum({ seed: 9, posts: 1000, years: 1 });
const site = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
const folder = mkdtempSync(join(tmpdir(), "poolers-"));
afterAll(async () => {
  await Promise.all([transactions, inTurn, statements, sessions, four].map((pooler) => pooler.stop()));
  await site.stop(true);
  await database.drop();
  rmSync(folder, { recursive: true });
});

async function command(script: string, url: string): Promise<{ code: number; said: string }> {
  const child = Bun.spawn([process.execPath, ...script.split(" ")], {
    cwd: root,
    env: {
      PATH: process.env["PATH"] ?? "",
      DATABASE_URL: url,
      DATA_DIR: folder,
      FORUM_URL: site.url.origin,
      PROFILES_URL: site.url.origin,
      REQUEST_DELAY: "0",
      PORT: "0",
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const said = (await Promise.all([child.stdout, child.stderr].map((stream) => new Response(stream).text()))).join("");
  return { code: await child.exited, said };
}

test("is detected in whatever order it assigns connections", async () => {
  for (let n = 0; n < 40; n++)
    expect(await refuseTransactionPooler(inTurn.url).catch((error: Error) => error.message)).toContain(
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

describe.each([
  ["transactions", transactions.url],
  ["transactions, as hosted ones spell it", `${transactions.url}?pgbouncer=true&connection_limit=1`],
  ["transactions, each on the next connection", inTurn.url],
  ["statements", statements.url],
])("a pooler of %s", (_, url) => {
  test.each(commands)("%s refuses it", async (script) => {
    const { code, said } = await command(script, url);
    expect({ code, said: said.trim().split("\n") }).toEqual({
      code: 1,
      said: [
        "error: this database is behind a pooler in transaction mode: DATABASE_URL needs a direct connection, or a pooler in session mode",
      ],
    });
    expect(await database.sql`select 1 from pg_locks where locktype = 'advisory'`).toHaveLength(0);
  });
});

test("leaves its connections as they were", async () => {
  const other = connect(transactions.url, { max: 1 });
  Object.assign(other.options, { setup: "set statement_timeout = 4321" });
  await other`select 1`;
  await command("db/main.ts status", transactions.url);
  expect((await other`select current_setting('statement_timeout') as timeout`)[0]).toEqual({ timeout: "4321ms" });
  await other.end();
});

test("is detected while others use it", async () => {
  const others = connect(transactions.url, { max: 6 });
  const busy = Promise.all(Array.from({ length: 300 }, () => others.unsafe("select pg_sleep(0.005)")));
  expect((await command("db/main.ts status", transactions.url)).code).toBe(1);
  await busy;
  await others.end();
});

test("a pooler in session mode works for all commands", async () => {
  for (const script of commands.slice(0, -1).toSpliced(2, 1)) {
    const { code, said } = await command(script, sessions.url);
    expect({ script, code, said }).toMatchObject({ code: 0 });
  }
  const [counts] = await database.sql`
    select (select count(*) from posts) > 200 as crawled, (select count(*) from search.posts) > 200 as indexed`;
  expect({ ...counts }).toEqual({ crawled: true, indexed: true });
});

test("a killed crawl leaves no lock in a pooler's session", async () => {
  const child = Bun.spawn(
    [
      process.execPath,
      "-e",
      `
      import { connect } from "./connect.ts";
      import { withLock } from "./locks.ts";
      await withLock(connect(process.argv[1]), "crawl", async () => { console.log("held"); await Bun.sleep(60_000); });`,
      sessions.url,
    ],
    {
      cwd: join(root, "db"),
      stdout: "pipe",
    },
  );
  for await (const chunk of child.stdout) if (new TextDecoder().decode(chunk).includes("held")) break;
  const held = () => database.sql`select 1 from pg_locks where locktype = 'advisory'`;
  expect(await held()).toHaveLength(1);
  child.kill("SIGKILL");
  for (let tries = 0; tries < 500 && (await held()).length > 0; tries++) await Bun.sleep(20);
  expect(await held()).toHaveLength(0);
});

test("reports a pooler with fewer connections than analyze needs", async () => {
  const { code, said } = await command("analytics/main.ts --full", four.url);
  expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining("connections") });
});
