/** URLs of Unix sockets and of several hosts, as libpq writes them: they never lead to another server silently. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectSocket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings } from "@potstats/cli/settings";
import { runCommand } from "@potstats/cli/testing/command";
import { connect } from "./connect.ts";
import { freePort } from "./embedded/ports.ts";
import { testDatabase } from "./testing/database.ts";

const database = await testDatabase();
const { port, username, password, pathname } = new URL(database.url);
const name = pathname.slice(1);
/** Folder of a socket that leads to the embedded server, which has none itself. */
const folder = mkdtempSync(join(tmpdir(), "socket-"));
const proxy = createServer((client) => {
  const server = connectSocket(Number(port), "127.0.0.1");
  client.pipe(server).pipe(client);
  for (const socket of [client, server]) socket.on("error", () => client.destroy());
}).listen(join(folder, ".s.PGSQL.5270"));
afterAll(async () => {
  proxy.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** Connects in another process, because environment variables such as PGHOST count. @returns the database's name, or the error */
async function databaseAt(url: string, environment: Record<string, string> = {}): Promise<string> {
  const script = `
    import { connect } from "./connect.ts";
    const sql = connect(process.argv[1], { max: 1 });
    const [row] = await sql\`select current_database() as name\`.catch((error) => [{ name: error.message }]);
    console.log(row.name);
    await sql.end({ timeout: 1 });`;
  const { stdout, stderr } = await runCommand(["-e", script, url], environment, { cwd: import.meta.dirname });
  return stdout.trim() || stderr;
}

const folderInHost = encodeURIComponent(folder);
test.concurrent.each([
  ["in the parameter host", `postgres:///${name}?host=${folder}&port=5270&user=${username}&password=${password}`, {}],
  [
    "in the parameter host, with user and password in the URL's authority",
    `postgresql://${username}:${password}@/${name}?host=${folderInHost}&port=5270`,
    {},
  ],
  ["as the URL's host", `postgres://${username}:${password}@${folderInHost}:5270/${name}`, {}],
  [
    "with sslmode, which is ignored",
    `postgres://${username}:${password}@${folderInHost}:5270/${name}?sslmode=require`,
    {},
  ],
  ["from the environment", `postgres://${username}:${password}@/${name}`, { PGHOST: folder, PGPORT: "5270" }],
])("a socket %s", async (_, url, environment) => {
  expect(await databaseAt(url, environment)).toBe(name);
});

test.concurrent("a missing socket does not fall back to another server", async () => {
  expect(
    await databaseAt(`postgres:///${name}?host=${folder}&port=${port}&user=${username}&password=${password}`),
  ).toContain(`${folder}/.s.PGSQL.${port}`);
});

test.concurrent("service files are refused", async () => {
  expect(await databaseAt(`postgres:///?service=forum`)).toContain("service files are not read");
  const reading = (url: string) => () => readSettings({ DATABASE_URL: url, PGSERVICE: "forum" }, ["DATABASE_URL"]);
  expect(reading("postgres:///forum")).toThrow("service files are not read");
  expect(reading("postgres://localhost/forum")).not.toThrow();
});

describe("several hosts", () => {
  test("the first that answers is used", async () => {
    const closed = await freePort();
    const sql = connect(
      `postgres://${username}:${password}@127.0.0.1:${closed},127.0.0.1:${closed},127.0.0.1:${port}/${name}`,
    );
    expect((await sql`select current_database() as name`)[0]).toEqual({ name });
    await sql.end();
  });

  test("an error if none answers", async () => {
    const closed = await freePort();
    const sql = connect(`postgres://u@127.0.0.1:${closed},127.0.0.1:${closed}/${name}`, { max: 1 });
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await sql`select 1`.catch((error: { code: string }) => error.code)).toBe("ECONNREFUSED");
    await sql.end({ timeout: 1 });
  });
});
