/** A server whose role may only read, and databases and roles that let nobody write or look elsewhere for tables. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { connect } from "@potstats/db/connect";
import { migrate } from "@potstats/db/migrate";
import { insertBoard, insertPost, insertThread, insertUser, testDatabase } from "@potstats/db/testing/database";
import { fillIndex } from "@potstats/search/fill";
import { serveApp } from "@potstats/server/serve";
import { serveSettings } from "@potstats/server/testing/settings";

const root = join(import.meta.dirname, "..");
const database = await testDatabase();
const { sql } = database;
const name = new URL(database.url).pathname.slice(1);
const reader = `reader_${process.pid}`;
const asReader = Object.assign(new URL(database.url), { username: reader, password: "geheim" }).href;

beforeAll(async () => {
  await insertBoard(sql, 1);
  await insertUser(sql, 1, { name: "Erika" });
  await insertThread(sql, 1, { bid: 1 });
  await insertPost(sql, { pid: 1, tid: 1, poster_uid: 1, content: "Kartoffelsalat" });
  await run();
  // As the operator is told to do it.
  const [, statements = ""] =
    /```sql\n(create role [^`]*)```/.exec(readFileSync(join(root, "docs/operations.md"), "utf8")) ?? [];
  expect(statements).toContain("grant select");
  await sql.unsafe(
    statements
      .replaceAll("potstats_reader", reader)
      .replace("database potstats", `database ${name}`)
      .replace(/password '[^']*'/, "password 'geheim'"),
  );
});
afterAll(async () => {
  await sql.unsafe(`alter database ${name} reset all; drop owned by ${reader}; drop role ${reader}`);
  await database.drop();
});

async function run(): Promise<void> {
  await analyze({ sql, timezone: "Europe/Berlin", forumUrl: "http://forum.example", full: true });
  await fillIndex({ sql, full: true });
}

async function asked(): Promise<number[]> {
  const served = await serveApp(
    serveSettings({
      DATA_DIR: "/nowhere",
      DATABASE_URL: asReader,
      FORUM_URL: "http://forum.example",
      PROFILES_URL: "http://forum.example",
    }),
  );
  const paths = [
    "/readyz",
    "/api/status",
    "/api/poster-stats",
    "/api/boards",
    "/api/search?content=kartoffelsalat&type=post",
  ];
  const answers = await Promise.all(paths.map((path) => fetch(served.url + path)));
  await served.stop();
  return answers.map(({ status }) => status);
}

test("a read-only role keeps its access after a rebuild and after a new version's migration", async () => {
  const fine = [200, 200, 200, 200, 200];
  expect(await asked()).toEqual(fine);
  await sql.unsafe(
    `alter default privileges revoke all on tables from ${reader}; alter default privileges revoke all on schemas from ${reader}`,
  );
  await run();
  expect(await asked()).toEqual(fine);
  await sql.unsafe("comment on schema baked is 'of another version'; comment on schema search is 'of another version'");
  await migrate(database.url);
  await run();
  expect(await asked()).toEqual(fine);
  const writing = connect(asReader, { max: 1 });
  const code = await writing`delete from posts`.catch((error: { code: string }) => error.code);
  await writing.end();
  expect(code).toBe("42501");
});

async function command(script: string, url = database.url): Promise<{ code: number; said: string }> {
  const child = Bun.spawn([process.execPath, ...script.split(" ")], {
    cwd: root,
    env: {
      PATH: process.env["PATH"] ?? "",
      DATABASE_URL: url,
      FORUM_URL: "http://127.0.0.1:9",
      MEILI_URL: "http://127.0.0.1:9",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = await new Response(child.stderr).text();
  return { code: await child.exited, said };
}

test.each([
  "crawler/main.ts --only-pending",
  "analytics/main.ts --full",
  "search/main.ts --full",
  "pipeline/update.ts",
])("%s says that the database is read-only", async (script) => {
  await sql.unsafe(`alter database ${name} set default_transaction_read_only = on`);
  const { code, said } = await command(script);
  await sql.unsafe(`alter database ${name} reset default_transaction_read_only`);
  expect({ code, errors: said.split("\n").filter((line) => /error|cannot/.test(line)) }).toEqual({
    code: 1,
    errors: [
      expect.stringMatching(/^error: cannot execute .* in a read-only transaction – this database is read-only/),
    ],
  });
});

test("a role with another search_path finds our tables", async () => {
  await sql.unsafe(`create schema elsewhere; alter database ${name} set search_path = elsewhere`);
  expect(await command("db/main.ts migrate")).toMatchObject({ code: 0 });
  expect(await command("db/main.ts status")).toMatchObject({ code: 0 });
  expect(await command("crawler/main.ts --only-pending --forum http://127.0.0.1:9")).not.toMatchObject({
    said: expect.stringContaining("tables are missing"),
  });
});
