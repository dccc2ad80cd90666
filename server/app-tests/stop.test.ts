/** The server stops in time: complete requests get responses, incomplete ones are cut off. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { connect as dial, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servingAt, startProcess } from "../testing/process.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
let folder: string;
beforeAll(async () => {
  [server, folder] = await Promise.all([testServer(), mkdtemp(join(tmpdir(), "potstats-stop-"))]);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const environment = (more: Record<string, string> = {}) => ({
  PORT: "0",
  DATA_DIR: folder,
  DATABASE_URL: server.database.url,
  // Nothing listens on this port, so PostgreSQL searches.
  MEILI_URL: "http://127.0.0.1:9",
  ...more,
});

/** Opens a connection and sends bytes. */
async function sending(url: string, bytes: string): Promise<{ socket: Socket; received: Promise<string> }> {
  const socket = dial(Number(new URL(url).port), "127.0.0.1");
  let text = "";
  const received = new Promise<string>((resolve) => {
    socket.on("data", (chunk) => (text += chunk));
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(bytes);
  return { socket, received };
}

const head = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
const incomplete: Record<string, string> = {
  nothing: "",
  "a letter": "G",
  "half of a head": `${head}X-Long: a`,
  "a head without its end": `${head}\r`,
  "half of a body": `POST /api/boards HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc`,
  "half of a body on a GET request": `${head}Content-Length: 1000\r\n\r\nabc`,
  "half of a chunk": `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nab`,
  "a complete request and half of another": `${head}\r\n${head}X`,
  "a complete request": `${head}\r\n`,
};

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} ends the server within five seconds, despite incomplete and dripping requests`, async () => {
    const child = startProcess(environment());
    const url = await servingAt(child);
    const open = await Promise.all(Object.values(incomplete).map((bytes) => sending(url, bytes)));
    const dripping = await sending(url, head);
    const drip = setInterval(() => dripping.socket.write("a"), 100);
    await Bun.sleep(200);
    const started_ms = performance.now();
    child.kill(signal);
    expect(await child.exited).toBe(0);
    expect(performance.now() - started_ms).toBeLessThan(5000);
    clearInterval(drip);
    for (const { socket } of [...open, dripping]) socket.destroy();
  }, 30_000);
}

test("complete requests get responses before the server exits, despite incomplete ones", async () => {
  const child = startProcess(environment());
  const url = await servingAt(child);
  const { sql } = server.database;
  const half = await sending(url, `${head}X`);
  const { responses } = await sql.begin(async (transaction) => {
    await transaction`lock table baked.weekday_stats in access exclusive mode`;
    const requests = [1, 2, 3].map((bid) => fetch(`${url}/api/weekday-stats?bid=${bid}`));
    while ((await sql`select 1 from pg_locks where not granted`).length < 3) await Bun.sleep(10);
    child.kill("SIGTERM");
    // A request that arrives while the server waits for the others.
    half.socket.write(": y\r\n\r\n");
    await Bun.sleep(500);
    return { responses: requests };
  });
  for (const response of responses) expect((await response).status).toBe(200);
  expect(await half.received).toStartWith("HTTP/1.1 200 OK");
  expect(await child.exited).toBe(0);
}, 30_000);

test("stops in time during startup, and while its database does not respond", async () => {
  const silent = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  const { port } = silent.address() as { port: number };
  const endings = [0, 30, 60, 120, 240, 480, 960].map(async (after_ms, n) => {
    const child = startProcess(
      environment(n % 2 === 0 ? {} : { DATABASE_URL: `postgres://karl@127.0.0.1:${port}/silent` }),
    );
    await Bun.sleep(after_ms);
    child.kill(n % 3 === 0 ? "SIGINT" : "SIGTERM");
    const ended = await Promise.race([child.exited.then(() => "ended"), Bun.sleep(10_000).then(() => "runs")]);
    child.kill("SIGKILL");
    return [after_ms, ended];
  });
  for (const [after_ms, ended] of await Promise.all(endings)) expect([after_ms, ended]).toEqual([after_ms!, "ended"]);
  silent.close();
}, 30_000);
