/** One Redis and one Meilisearch for servers on all four runtimes; a Worker reaches Redis through Upstash's REST API. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { until } from "@potstats/cli/testing/until";
import { startMeilisearch } from "@potstats/search/testing/corpus";
import { fillIndex } from "@potstats/search/fill";
import { type Bridge, hasRedis, startBridge, startRedis, type TestRedis } from "@potstats/server/testing/redis";
import { testServer, type TestServer, timezone } from "@potstats/server/testing/server";
import { send, textOf } from "./testing/requests.ts";
import {
  buildForTest,
  type BuiltWorker,
  hasRuntimes,
  nodeCommand,
  type RunningServer,
  runtimeNames,
  startServer,
  trustTestCertificates,
  wranglerCommand,
} from "./testing/runtimes.ts";

describe.skipIf(!hasRuntimes || !hasRedis)("servers on four runtimes", () => {
  let forum: TestServer;
  let worker: BuiltWorker;
  let redis: TestRedis;
  let bridge: Bridge;
  let meili: Awaited<ReturnType<typeof startMeilisearch>>;
  let servers: RunningServer[];

  beforeAll(async () => {
    [forum, worker, redis, meili] = await Promise.all([testServer(), buildForTest(), startRedis(), startMeilisearch()]);
    bridge = startBridge(redis.url);
    await fillIndex({ sql: forum.database.sql, meili });
    const common = {
      DATABASE_URL: forum.database.url,
      STATS_TIMEZONE: timezone,
      PUBLIC_URL: "https://stats.example",
      MEILI_URL: meili.url,
      MEILI_MASTER_KEY: meili.key ?? "",
    };
    const upstash = { UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: bridge.token };
    servers = await Promise.all(
      runtimeNames.map((name) =>
        startServer(name, worker, { ...common, ...(name === "workerd" ? upstash : { REDIS_URL: redis.url }) }),
      ),
    );
  }, 600_000);

  afterAll(async () => {
    for (const server of servers ?? []) await server.stop();
    await bridge?.stop();
    await redis?.drop();
    await meili?.close();
    await worker?.remove();
    await forum?.stop();
  });

  /** Every attempt is another response, so that no server has it in memory. */
  let attempts = 0;
  const anyTarget = () => `/api/poster-stats?limit=${20 + attempts++}`;
  const storedKeys = async () => (await redis.send("KEYS", "potstats:answer:*")) as string[];
  const bodyOf = async ({ port }: RunningServer, target: string) => {
    const { response, bytes } = await send(port, { target });
    return [response.headers.get("ETag") ?? "", textOf(response, bytes)] as const;
  };

  // A store that is slow for a moment is bypassed: then the next attempt has to succeed.
  test("each stores what it has computed", async () => {
    for (const server of servers) {
      await until(async () => {
        await redis.send("FLUSHALL");
        await bodyOf(server, anyTarget());
        await until(async () => (await storedKeys()).length === 1, 1);
        return true;
      });
    }
  });

  test("each sends what another one has stored", async () => {
    const [bun] = servers as [RunningServer];
    const entry = `${JSON.stringify({ type: "application/json", coding: "identity", etag: '"stored"' })}\n{"rows":[]}`;
    for (const server of servers.slice(1)) {
      await until(async () => {
        await redis.send("FLUSHALL");
        const target = anyTarget();
        await bodyOf(bun, target);
        await until(async () => (await storedKeys()).length === 1, 1);
        const [key = ""] = await storedKeys();
        await redis.send("SET", key, entry);
        await redis.send("SET", `${key}:base64`, btoa(entry));
        return Bun.deepEquals(await bodyOf(server, target), ['"stored"', '{"rows":[]}']);
      });
    }
  });

  test("all count together", async () => {
    await redis.send("FLUSHALL");
    for (const server of servers) await bodyOf(server, "/api/imprint");
    await until(async () => {
      // A Worker sends its counters with the requests that follow.
      for (const server of servers) await bodyOf(server, "/healthz");
      // Counters whose arrival was not confirmed in time are sent again.
      return Number(await redis.send("HGET", "potstats:counters", "imprint/hits")) >= servers.length;
    });
    for (const server of servers) {
      await until(async () => {
        const [, counted = ""] = await bodyOf(server, "/api/backend-stats");
        return JSON.parse(counted).imprint.hits >= servers.length;
      });
    }
  });

  test("without Redis all respond, and they use it again once it is back", async () => {
    await redis.stop();
    for (const server of servers) {
      const { response } = await send(server.port, { target: anyTarget() });
      expect([server.name, response.status]).toEqual([server.name, 200]);
    }
    await redis.start();
    for (const server of servers) {
      await until(async () => {
        await redis.send("FLUSHALL");
        await bodyOf(server, anyTarget());
        await until(async () => (await storedKeys()).length === 1, 1);
        return true;
      });
    }
  });

  test("all search in Meilisearch", async () => {
    const target = "/api/search?content=Dampfer&type=post&sort=date-desc";
    const found = new Set<string>();
    for (const { port } of servers) {
      // Meilisearch gets 150 ms; after that, PostgreSQL answers.
      await until(async () => {
        const { response, bytes } = await send(port, { target });
        const { engine, count, results } = JSON.parse(textOf(response, bytes));
        found.add(JSON.stringify([count, results]));
        return engine === "meilisearch";
      });
    }
    expect(found.size).toBe(1);
  });
});

test.skipIf(!hasRuntimes)("a Worker reaches PostgreSQL over TLS, if it trusts the certificate", async () => {
  const [forum, worker] = await Promise.all([testServer(), buildForTest()]);
  const { hostname, port } = new URL(forum.database.url);
  const script = join(import.meta.dirname, "testing/tls-proxy.ts");
  const proxy = Bun.spawn([...nodeCommand, script, hostname, port || "5432"], { stdout: "pipe", stderr: "inherit" });
  const output = proxy.stdout.getReader();
  const nextOutput = async () => new TextDecoder().decode((await output.read()).value).trim();
  try {
    const url = new URL(forum.database.url);
    Object.assign(url, { host: `localhost:${await nextOutput()}`, search: "sslmode=require" });
    const settings = { DATABASE_URL: url.href, PUBLIC_URL: "https://stats.example" };
    const statusOf = async () => {
      const server = await startServer("workerd", worker, settings);
      try {
        return (await send(server.port, { target: "/api/boards" })).response.status;
      } finally {
        await server.stop();
      }
    };
    expect(await statusOf()).toBe(503);
    await trustTestCertificates(worker);
    await until(async () => (await statusOf()) === 200);
    expect(await nextOutput()).toContain("encrypted");
  } finally {
    proxy.kill();
    await worker.remove();
    await forum.stop();
  }
});

test.skipIf(!hasRuntimes)(
  "wrangler accepts its configuration, and the Worker is small enough for every plan",
  async () => {
    const worker = await buildForTest();
    try {
      const child = Bun.spawn([...wranglerCommand, "deploy", "--dry-run", "--config", "wrangler.toml"], {
        cwd: worker.folder,
        env: { HOME: worker.folder, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1", CI: "true" },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const [output, problems, exitCode] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ]);
      expect([exitCode, problems]).toEqual([0, ""]);
      expect(output).toContain("--dry-run: exiting now.");
      expect(output).toContain("lexicon.txt");
      const [, size_kib] = /gzip: ([\d.]+) KiB/.exec(output) ?? [];
      // Cloudflare's limit is 3 MB without a paid plan.
      expect(Number(size_kib)).toBeLessThan(3000);
    } finally {
      await worker.remove();
    }
  },
);
