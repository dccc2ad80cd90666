/** Node and Deno with a proxy in the environment. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@potstats/db/embedded/ports";
import { send } from "./testing/requests.ts";
import { hasRuntimes, startServer } from "./testing/runtimes.ts";

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
