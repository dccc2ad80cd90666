/** What Node and Deno do with proxies in the environment, and Deno with its permissions. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@potstats/db/embedded/ports";
import { send } from "./testing/requests.ts";
import { denoStart, hasRuntimes, startServer } from "./testing/runtimes.ts";

const folder = mkdtempSync(join(tmpdir(), "potstats-environment-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Nothing listens on this port. */
const dead = "http://127.0.0.1:9";

const loopback = [
  ["127.0.0.1", "localhost"],
  ["127.0.0.2", "127.0.0.2"],
  ["::1", "[::1]"],
] as const;
const cases = (["Node", "Deno"] as const).flatMap((name) => loopback.map((host) => [name, ...host] as const));

test.skipIf(!hasRuntimes).each(cases)("%s reaches a server on %s directly, as %s", async (name, hostname, host) => {
  const asked = Promise.withResolvers<string>();
  const upstash = Bun.serve({
    hostname,
    port: 0,
    fetch: ({ headers }) => {
      asked.resolve(headers.get("Host") ?? "");
      return Response.json({ result: null });
    },
  });
  const settings = {
    DATABASE_URL: `postgres://127.0.0.1:${await freePort()}/nothing`,
    UPSTASH_REDIS_REST_URL: `http://${host}:${upstash.port}`,
    UPSTASH_REDIS_REST_TOKEN: "token",
    HTTP_PROXY: dead,
    NODE_USE_ENV_PROXY: "1",
  };
  const server = await startServer(name, { folder }, settings);
  try {
    await send(server.port, { target: "/api/backend-stats" });
    expect(await Promise.race([asked.promise, Bun.sleep(5000)])).toBe(`${host}:${upstash.port}`);
  } finally {
    await server.stop();
    await upstash.stop(true);
  }
});

/** Runs `deno task start` until it ends. */
async function startDeno(settings: Record<string, string>): Promise<{ exitCode: number; output: string }> {
  const env = { PORT: "0", DENO_DIR: join(folder, "deno"), NO_COLOR: "1", ...settings };
  const child = Bun.spawn({ ...denoStart, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, output: stdout + stderr };
}

const socket = `postgres:///potstats?user=x&host=${encodeURIComponent(folder)}`;

test.skipIf(!hasRuntimes).each([
  ["DATABASE_URL names a folder", { DATABASE_URL: socket }],
  ["DATABASE_URL names no host", { DATABASE_URL: "postgres:///potstats" }],
  ["PGHOST names a folder", { DATABASE_URL: "postgres:///potstats", PGHOST: folder }],
  [
    "DATABASE_REPLICA_URL names a folder",
    { DATABASE_URL: "postgres://127.0.0.1:9/potstats", DATABASE_REPLICA_URL: socket },
  ],
])("Deno says which permissions a Unix socket needs: %s", async (_, settings) => {
  const { exitCode, output } = await startDeno(settings);
  expect([exitCode, output.trimEnd()]).toEqual([1, expect.stringMatching(/^error: .*--allow-read.*--allow-write.*$/)]);
});
