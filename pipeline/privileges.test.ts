/** A server with a read-only role, read-only databases, and roles with another search_path. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { runCommand } from "@potstats/cli/testing/command";
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
const readerUrl = Object.assign(new URL(database.url), { username: reader, password: "geheim" }).href;

beforeAll(async () => {
  await insertBoard(sql, 1);
  await insertUser(sql, 1, { name: "Erika" });
  await insertThread(sql, 1, { bid: 1 });
  await insertPost(sql, { pid: 1, tid: 1, poster_uid: 1, content: "Kartoffelsalat" });
  await rebuild();
  // The statements that the documentation recommends.
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

async function rebuild(): Promise<void> {
  await analyze({ sql, timezone: "Europe/Berlin", forumUrl: "http://forum.example", full: true });
  await fillIndex({ sql, full: true });
}

/** Statuses of a server with the read-only role. */
async function requestAll(): Promise<number[]> {
  const served = await serveApp(
    serveSettings({
      DATA_DIR: "/nowhere",
      DATABASE_URL: readerUrl,
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
  const responses = await Promise.all(paths.map((path) => fetch(served.url + path)));
  await served.stop();
  return responses.map(({ status }) => status);
}

test("a read-only role keeps its access after a rebuild and after a new version's migration", async () => {
  const allOk = [200, 200, 200, 200, 200];
  expect(await requestAll()).toEqual(allOk);
  await sql.unsafe(
    `alter default privileges revoke all on tables from ${reader}; alter default privileges revoke all on schemas from ${reader}`,
  );
  await rebuild();
  expect(await requestAll()).toEqual(allOk);
  await sql.unsafe("comment on schema baked is 'of another version'; comment on schema search is 'of another version'");
  await migrate(database.url);
  await rebuild();
  expect(await requestAll()).toEqual(allOk);
  const connection = connect(readerUrl, { max: 1 });
  const code = await connection`delete from posts`.catch((error: { code: string }) => error.code);
  await connection.end();
  expect(code).toBe("42501");
});

test("the same role writes a backup; without a privilege it is told so before anything is read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "privileges-"));
  const path = join(folder, "potstats.tar");
  const backup = () => runCommand(["db/main.ts", "backup", path], { DATABASE_URL: readerUrl });
  try {
    expect(await backup()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(", 1 posts, ") });
    rmSync(path);
    await sql.unsafe(
      `revoke select on sequence crawl_revision from ${reader}; revoke select on posts, boards from ${reader}`,
    );
    const { exitCode, stderr } = await backup();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `error: ${reader} may not read boards, crawl_revision, posts: run \`grant select on all tables in schema public to ${reader}; grant select on all sequences in schema public to ${reader}\` as the role that owns them`,
    );
    expect(stderr).not.toContain("categories");
    expect(existsSync(`${path}.partial`)).toBe(false);
    await sql.unsafe(`grant select on posts, boards to ${reader}`);
    expect((await backup()).stderr).toContain(
      "may not read crawl_revision: run `grant select on all sequences in schema public",
    );
    await sql.unsafe(`grant select on sequence crawl_revision to ${reader}`);
    expect((await backup()).exitCode).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const unreachable = "http://127.0.0.1:9";
const run = (command: string) =>
  runCommand(command.split(" "), { DATABASE_URL: database.url, FORUM_URL: unreachable, MEILI_URL: unreachable });

test.each([
  "crawler/main.ts --only-pending",
  "analytics/main.ts --full",
  "search/main.ts --full",
  "pipeline/update.ts",
])("%s reports that the database is read-only", async (command) => {
  await sql.unsafe(`alter database ${name} set default_transaction_read_only = on`);
  const { exitCode, stderr } = await run(command);
  await sql.unsafe(`alter database ${name} reset default_transaction_read_only`);
  expect({ exitCode, errors: stderr.split("\n").filter((line) => /error|cannot/.test(line)) }).toEqual({
    exitCode: 1,
    errors: [
      expect.stringMatching(/^error: cannot execute .* in a read-only transaction – this database is read-only/),
    ],
  });
});

test("a role with another search_path finds the tables", async () => {
  await sql.unsafe(`create schema elsewhere; alter database ${name} set search_path = elsewhere`);
  expect(await run("db/main.ts migrate")).toMatchObject({ exitCode: 0 });
  expect(await run("db/main.ts status")).toMatchObject({ exitCode: 0 });
  expect(await run("crawler/main.ts --only-pending --forum http://127.0.0.1:9")).not.toMatchObject({
    stderr: expect.stringContaining("tables are missing"),
  });
});
