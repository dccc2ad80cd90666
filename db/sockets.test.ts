/** Databases by Unix socket and in several places, as libpq spells them: never silently another server. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { connect as dial } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "@potstats/cli/settings";
import { connect } from "./connect.ts";
import { freePort } from "./embedded/postgres.ts";
import { testDatabase } from "./testing/database.ts";

const database = await testDatabase();
const { port, username, password, pathname } = new URL(database.url);
const name = pathname.slice(1);
/** The embedded server has no socket: one that leads to it. */
const folder = mkdtempSync(join(tmpdir(), "socket-"));
const gate = createServer((client) => {
  const server = dial(Number(port), "127.0.0.1");
  client.pipe(server).pipe(client);
  for (const end of [client, server]) end.on("error", () => client.destroy());
}).listen(join(folder, ".s.PGSQL.5270"));
afterAll(async () => {
  gate.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** In a process of its own: PGHOST and the like count too. @returns the database's name, or the error */
async function ask(url: string, environment: Record<string, string> = {}): Promise<string> {
  const script = `
    import { connect } from "./connect.ts";
    const sql = connect(process.argv[1], { max: 1 });
    const [row] = await sql\`select current_database() as name\`.catch((error) => [{ name: error.message }]);
    console.log(row.name);
    await sql.end({ timeout: 1 });`;
  const child = Bun.spawn([process.execPath, "-e", script, url], {
    cwd: import.meta.dirname,
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    stderr: "pipe",
  });
  return (await new Response(child.stdout).text()).trim() || new Response(child.stderr).text();
}

const folderInHost = encodeURIComponent(folder);
test.concurrent.each([
  ["as a parameter", `postgres:///${name}?host=${folder}&port=5270&user=${username}&password=${password}`, {}],
  ["with a user in front", `postgresql://${username}:${password}@/${name}?host=${folderInHost}&port=5270`, {}],
  ["as the host", `postgres://${username}:${password}@${folderInHost}:5270/${name}`, {}],
  ["which ignores sslmode", `postgres://${username}:${password}@${folderInHost}:5270/${name}?sslmode=require`, {}],
  ["from the environment", `postgres://${username}:${password}@/${name}`, { PGHOST: folder, PGPORT: "5270" }],
])("a socket %s", async (_, url, environment) => {
  expect(await ask(url, environment)).toBe(name);
});

test.concurrent("a missing socket does not fall back to another server", async () => {
  expect(await ask(`postgres:///${name}?host=${folder}&port=${port}&user=${username}&password=${password}`)).toContain(
    `${folder}/.s.PGSQL.${port}`,
  );
});

test.concurrent("service files are refused", async () => {
  expect(await ask(`postgres:///?service=forum`)).toContain("service files are not read");
  const reading = (url: string) => () => readSettings({ DATABASE_URL: url, PGSERVICE: "forum" }, ["DATABASE_URL"]);
  expect(reading("postgres:///forum")).toThrow("service files are not read");
  expect(reading("postgres://localhost/forum")).not.toThrow();
});

describe("several hosts", () => {
  test("uses the first that answers", async () => {
    const closed = await freePort();
    const sql = connect(
      `postgres://${username}:${password}@127.0.0.1:${closed},127.0.0.1:${closed},127.0.0.1:${port}/${name}`,
    );
    expect((await sql`select current_database() as name`)[0]).toEqual({ name });
    await sql.end();
  });

  test("reports that none answers", async () => {
    const closed = await freePort();
    const sql = connect(`postgres://u@127.0.0.1:${closed},127.0.0.1:${closed}/${name}`, { max: 1 });
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await sql`select 1`.catch((error: { code: string }) => error.code)).toBe("ECONNREFUSED");
    await sql.end({ timeout: 1 });
  });
});
