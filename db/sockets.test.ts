/** URLs of Unix sockets and of several hosts, as libpq writes them: they never lead to another server silently. */
import { afterAll, describe, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
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

  /** Proxies in front of the server that count connections; a standby claims to be one. */
  async function openHosts(...kinds: ("primary" | "standby")[]) {
    const counts = kinds.map(() => 0);
    const proxies = kinds.map((kind, at) =>
      createServer((client) => {
        counts[at] = (counts[at] ?? 0) + 1;
        const server = connectSocket(Number(port), "127.0.0.1");
        client.pipe(server);
        server.on("data", (bytes: Buffer) => client.write(kind === "standby" ? asStandby(bytes) : bytes));
        for (const socket of [client, server])
          socket.on("error", () => client.destroy()).on("close", () => client.end());
      }).listen(0, "127.0.0.1"),
    );
    const hosts = proxies.map((each) => `127.0.0.1:${(each.address() as { port: number }).port}`).join(",");
    return {
      counts,
      url: `postgres://${username}:${password}@${hosts}/${name}`,
      close: () => proxies.forEach((each) => each.close()),
    };
  }

  /** Changes the server's ParameterStatus message `in_hot_standby`, "S", length, name, value, from off to on. */
  function asStandby(bytes: Buffer): Buffer {
    const at = bytes.indexOf("in_hot_standby\0off\0");
    if (at === -1) return bytes;
    const message = Buffer.from("S\0\0\0\0in_hot_standby\0on\0");
    message.writeInt32BE(message.length - 1, 1);
    return Buffer.concat([bytes.subarray(0, at - 5), message, bytes.subarray(at + "in_hot_standby\0off\0".length)]);
  }

  test("the first is used for each new connection, not the next one in turn", async () => {
    const { url, counts, close } = await openHosts("primary", "primary");
    const sql = connect(url, { max: 1, idle_timeout: 0.1 });
    for (let round = 0; round < 3; round++) {
      await sql`select 1`;
      await Bun.sleep(300);
    }
    expect(counts).toEqual([3, 0]);
    await sql.end();
    close();
  });

  test.each(["primary", "read-write"])("target_session_attrs=%s finds the primary behind standbys", async (wanted) => {
    const { url, counts, close } = await openHosts("standby", "standby", "primary");
    const sql = connect(`${url}?target_session_attrs=${wanted}`, { max: 1, idle_timeout: 0.1 });
    for (let round = 1; round <= 2; round++) {
      expect((await sql`select current_database() as name`)[0]).toEqual({ name });
      expect(counts).toEqual([round, round, round]);
      await Bun.sleep(300);
    }
    await sql.end();
    close();
    const standbys = await openHosts("standby", "standby");
    const none = connect(`${standbys.url}?target_session_attrs=${wanted}`, { max: 1 });
    expect(await settle(none`select 1`.execute())).toThrow("none of the hosts is a primary");
    await none.end({ timeout: 1 });
    standbys.close();
  });

  test("after none answered, the first is tried again", async () => {
    let isDark = true;
    const pass = createServer((client) => {
      client.on("error", () => {});
      if (!isDark) client.pipe(connectSocket(Number(port), "127.0.0.1")).pipe(client);
    }).listen(0, "127.0.0.1");
    const dark = createServer((client) => client.on("error", () => {})).listen(0, "127.0.0.1");
    const hosts = [pass, dark].map((each) => `127.0.0.1:${(each.address() as { port: number }).port}`).join(",");
    const sql = connect(`postgres://${username}:${password}@${hosts}/${name}`, { max: 1, connect_timeout: 0.3 });
    try {
      expect(await sql`select 1`.catch((error: { code: string }) => error.code)).toBe("CONNECT_TIMEOUT");
      isDark = false;
      expect((await sql`select current_database() as name`)[0]).toEqual({ name });
    } finally {
      await sql.end({ timeout: 1 });
      for (const server of [pass, dark]) server.close();
    }
  });

  test("the next one is tried if one is starting up", async () => {
    const starting = createServer((client) =>
      client.on("error", () => {}).once("data", () => client.end(fatal("57P03", "the database system is starting up"))),
    ).listen(0, "127.0.0.1");
    const address = `127.0.0.1:${(starting.address() as { port: number }).port}`;
    const at = (hosts: string) => connect(`postgres://${username}:${password}@${hosts}/${name}`, { max: 1 });
    const [sql, alone] = [at(`${address},127.0.0.1:${port}`), at(address)];
    try {
      expect((await sql`select current_database() as name`)[0]).toEqual({ name });
      for (let attempt = 0; attempt < 2; attempt++)
        expect(await alone`select 1`.catch((error: { code: string }) => error.code)).toBe("57P03");
    } finally {
      await Promise.all([sql.end({ timeout: 1 }), alone.end({ timeout: 1 })]);
      starting.close();
    }
  });

  /** PostgreSQL's message for an error that ends the connection: "E", length, fields. */
  function fatal(code: string, text: string): Buffer {
    const message = Buffer.from(`E\0\0\0\0SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
    message.writeInt32BE(message.length - 1, 1);
    return message;
  }

  test("an error if none answers", async () => {
    const closed = await freePort();
    const sql = connect(`postgres://u@127.0.0.1:${closed},127.0.0.1:${closed}/${name}`, { max: 1 });
    for (let attempt = 0; attempt < 2; attempt++)
      expect(await sql`select 1`.catch((error: { code: string }) => error.code)).toBe("ECONNREFUSED");
    await sql.end({ timeout: 1 });
  });
});
