/** What Docker runs to find out whether the container is healthy. */
import { expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { runCommand } from "@potstats/cli/testing/command";
import { freePort } from "@potstats/db/embedded/ports";

/** @returns the exit code of the check for a server with these settings */
async function check(settings: Record<string, string>): Promise<number> {
  return (await runCommand(["server/healthcheck.ts"], settings)).exitCode;
}

/** Runs a server that responds as ours does. */
async function during(hostname: string, status: number, use: (port: string) => Promise<void>): Promise<void> {
  await using server = Bun.serve({
    hostname,
    port: 0,
    fetch: ({ url }) => new Response("", { status: new URL(url).pathname.endsWith("/healthz") ? status : 404 }),
  });
  await use(String(server.port));
}

/** Nothing listens on this port. */
const dead = "http://127.0.0.1:9";
const proxies = { HTTP_PROXY: dead, http_proxy: dead, ALL_PROXY: dead, NO_PROXY: "intern.example" };

test.concurrent.each([
  ["127.0.0.1", "127.0.0.1"],
  ["127.0.0.1", "localhost"],
  ["127.0.0.2", "127.0.0.2"],
  ["0.0.0.0", "0.0.0.0"],
  ["::1", "::1"],
  ["::1", "[::1]"],
  ["::", "::"],
])("a server on %s is healthy with HOST=%s, whatever the proxy", (hostname, HOST) =>
  during(hostname, 200, async (PORT) => {
    expect(await check({ HOST, PORT, ...proxies })).toBe(0);
    expect(await check({ HOST, PORT, ...proxies, BASE_PATH: "/stats" })).toBe(0);
  }),
);

test.concurrent("a server on another address of this machine is healthy", async () => {
  const [address] = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  if (!address) return;
  await during(address.address, 200, async (PORT) => {
    expect(await check({ HOST: address.address, PORT, ...proxies })).toBe(0);
  });
});

test.concurrent("a server that is down, or fails, is unhealthy", async () => {
  expect(await check({ PORT: String(await freePort()) })).toBe(1);
  await during("127.0.0.1", 500, async (PORT) => expect(await check({ PORT })).toBe(1));
});
