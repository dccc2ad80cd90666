/** The server on a port, and as a separate process. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { mkdtemp, rm } from "node:fs/promises";
import { connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveApp } from "./serve.ts";
import { servingAt, startProcess } from "./testing/process.ts";
import { serveSettings } from "./testing/settings.ts";
import { testServer, type TestServer } from "./testing/server.ts";

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await testServer();
  folder = await mkdtemp(join(tmpdir(), "potstats-serve-"));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const settings = () =>
  serveSettings({
    DATA_DIR: folder,
    DATABASE_URL: server.database.url,
    IMPRINT_NAME: "Erika Beispiel",
    IMPRINT_CONTACT: "erika@stats.example",
  });

test("responses over HTTP equal the app's, with a length and a coding", async () => {
  const served = await serveApp({ ...settings(), SEARCH_RATE: 1 });
  try {
    const expected = await server.json("/api/poster-stats");
    for (const coding of ["br", "zstd", "gzip", "identity"]) {
      const headers = { "Accept-Encoding": coding };
      const response = await fetch(`${served.url}/api/poster-stats`, { headers });
      expect(await response.json()).toEqual(expected);
      const head = await fetch(`${served.url}/api/poster-stats`, { method: "HEAD", headers });
      expect([head.status, await head.text()]).toEqual([200, ""]);
      expect(Number(head.headers.get("Content-Length"))).toBeGreaterThan(100);
      expect(head.headers.get("ETag")).toBe(response.headers.get("ETag"));
    }
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) statuses.push((await fetch(`${served.url}/api/search/suggest?q=`)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await fetch(`${served.url}/metrics`)).status).toBe(200);
    expect(await (await fetch(`${served.url}/api/`)).json()).toMatchObject({
      apis: expect.arrayContaining([`${served.url}/api/boards`]),
    });
  } finally {
    await served.stop();
  }
  expect(await settle(fetch(`${served.url}/healthz`))).toThrow();
});

/** Sends bytes. @returns the bytes of the response as text */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = dial(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => (text += chunk));
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
  });
}

test("works with any Host header, or none", async () => {
  const served = await serveApp(settings());
  try {
    const port = Number(new URL(served.url).port);
    const hosts = ["[::", "a:99999", 'ex"am ple<>', "a/b", "", "stats.example"];
    for (const host of hosts) {
      const get = (path: string) => raw(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect([host, await get("/healthz")]).toEqual([host, expect.stringMatching(/^HTTP\/1.1 200 .*\r\n\r\nok\n$/s)]);
      expect([host, await get("/api/")]).toEqual([host, expect.stringContaining('/api/boards"')]);
      expect([host, await get("/api")]).toEqual([host, expect.stringContaining('/api/boards"')]);
      expect([host, await get("/api/boards?year=2004&x")]).toEqual([host, expect.stringContaining('{"rows":[{"bid"')]);
      expect([host, await get("/api/boards?year=x")]).toEqual([host, expect.stringMatching(/^HTTP\/1.1 400 /)]);
    }
    expect(await raw(port, "GET /healthz HTTP/1.0\r\n\r\n")).toEndWith("\r\n\r\nok\n");
    expect(await raw(port, "GET /api/ HTTP/1.0\r\n\r\n")).toContain(`"${served.url}/api/boards"`);
  } finally {
    await served.stop();
  }
});

test("stops once the requests in flight have finished", async () => {
  const served = await serveApp(settings());
  const { sql } = server.database;
  let stopped = false;
  const { response, stopping } = await sql.begin(async (transaction) => {
    await transaction`lock table baked.weekday_stats in access exclusive mode`;
    const request = fetch(`${served.url}/api/weekday-stats`);
    // Wait until the query waits for the lock.
    while ((await sql`select 1 from pg_locks where not granted`).length === 0) await Bun.sleep(5);
    const ends = served.stop().then(() => (stopped = true));
    await Bun.sleep(50);
    expect(stopped).toBe(false);
    return { response: [request], stopping: [ends] };
  });
  expect((await response[0]!).status).toBe(200);
  await stopping[0];
});

test("a port that is already in use is a clear error", async () => {
  const taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("mine") });
  try {
    expect(await settle(serveApp({ ...settings(), PORT: taken.port! }))).toThrow(`port ${taken.port} is taken`);
  } finally {
    await taken.stop();
  }
});

test.each(["192.0.2.1", "nowhere.invalid"])(
  "a HOST that is no address of this machine is a clear error: %s",
  async (HOST) => {
    expect(await settle(serveApp({ ...settings(), HOST }))).toThrow(
      `HOST must be an address of this machine, not ${HOST}`,
    );
  },
);

test("as a process, it logs JSON lines and exits cleanly on SIGTERM", async () => {
  const child = startProcess({
    PORT: "0",
    DATA_DIR: folder,
    DATABASE_URL: server.database.url,
    MEILI_URL: "http://127.0.0.1:9",
  });
  const url = await servingAt(child);
  expect(url).toStartWith("http://localhost:");
  const response = await fetch(`${url}/api/boards`);
  expect(response.status).toBe(200);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
  const lines = (await new Response(child.stdout).text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    {
      time: expect.any(String),
      level: "info",
      id: response.headers.get("X-Request-Id"),
      method: "GET",
      path: "/api/boards",
      status: 200,
      bytes: expect.any(Number),
      ms: expect.any(Number),
    },
  ]);
  // With no request in flight, it exits without waiting.
}, 9000);

test("several hosts in DATABASE_URL are refused unless the primary is asked for", async () => {
  const child = startProcess({ PORT: "0", DATABASE_URL: "postgres://u:geheim@127.0.0.1:1,127.0.0.1:2/x" });
  const [output, code] = [await new Response(child.stderr).text(), await child.exited];
  expect([code, output]).toEqual([2, expect.stringContaining("several hosts need ?target_session_attrs=primary")]);
  expect(output).not.toContain("geheim");
});

test("all invalid settings are reported at once, without their values", async () => {
  const child = startProcess({ PORT: "geheim", DATABASE_URL: "mysql://geheim", SEARCH_RATE: "-1" });
  const [output, code] = [await new Response(child.stderr).text(), await child.exited];
  expect(code).toBe(2);
  for (const name of ["PORT", "DATABASE_URL", "SEARCH_RATE"]) expect(output).toContain(name);
  expect(output).not.toContain("geheim");
});
